using System.Collections.Concurrent;
using GraphRec.Core;
using GraphRec.Graph;
using Xunit;

namespace GraphRec.Tests.Graph;

/// <summary>The overlay of fresh events over a snapshot, and what a swap of the snapshot does to it.</summary>
public sealed class LiveGraphTests
{
    private static readonly Drama[] Dramas = [.. Enumerable.Range(0, 6).Select(i => Sample.Drama($"d{i}"))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void An_event_is_in_the_next_read_and_the_version_says_so()
    {
        var graph = new LiveGraph(Export(0));
        Assert.Equal("c1.e0", graph.State.Version.ToString());
        Assert.False(graph.State.Knows("ann"));
        Assert.Same(UserHistory.Empty, graph.State.HistoryOf("ann"));

        graph.Apply([Watch(1, "ann", "d0", 0.5)]);

        Assert.Equal("c1.e1", graph.State.Version.ToString());
        Assert.Equal((1, true, false), (graph.OverlayCount, graph.State.Knows("ann"), graph.State.Knows("bob")));
        var edge = Assert.Single(graph.State.HistoryOf("ann").Edges);
        Assert.Equal(new BehaviourEdge("ann", EdgeType.Watched, NodeRef.Drama("d0"), 0.5, Sample.Minute(1), Sample.Minute(1), 1), edge);
        Assert.Equal(1, graph.State.HistoryOf("ann").Through);
    }

    [Fact]
    public void Histories_are_newest_first_then_by_type_and_target()
    {
        var graph = new LiveGraph(Export(0));
        graph.Apply(
        [
            new LoggedEvent(1, Event("1", "ann", "d3", EventKind.Click, null, 5)), new LoggedEvent(2, Event("2", "ann", "d1", EventKind.Watch, 1, 7)),
            new LoggedEvent(3, Event("3", "ann", "d2", EventKind.Click, null, 5)), new LoggedEvent(4, Event("4", "ann", "d2", EventKind.Rate, 8, 5)),
            new LoggedEvent(5, new ViewerEvent("5", "ann", new NodeRef(NodeKind.Tag, "a"), EventKind.Mute, null, Sample.Minute(5))),
            new LoggedEvent(6, Event("6", "ann", "d9", EventKind.Mute, null, 5)),
        ]);
        Assert.Equal(
            ["WATCHED Drama:d1", "RATED Drama:d2", "CLICKED Drama:d2", "CLICKED Drama:d3", "MUTED Drama:d9", "MUTED Tag:a"],
            graph.State.HistoryOf("ann").Edges.Select(e => $"{e.Type.Name()} {e.Target}"));
    }

    [Fact]
    public void What_is_already_in_is_passed_over()
    {
        var graph = new LiveGraph(Export(3, Watch(1, "ann", "d0", 0.2), Watch(2, "ann", "d0", 0.4), Watch(3, "bob", "d0", 1)));
        graph.Apply([Watch(2, "ann", "d0", 0.4), Watch(3, "bob", "d0", 1), Watch(4, "ann", "d0", 0.6), Watch(4, "ann", "d0", 0.6)]);
        Assert.Equal(1, graph.OverlayCount);
        Assert.Equal((0.6, 3), (graph.State.HistoryOf("ann").Edges[0].Value, graph.State.HistoryOf("ann").Edges[0].Times));
        Assert.Equal(1, graph.State.HistoryOf("bob").Edges[0].Times);
        Assert.Equal("c1.e4", graph.State.Version.ToString());
    }

    [Fact]
    public void An_impression_leaves_no_edge_but_raises_the_version()
    {
        var graph = new LiveGraph(Export(0));
        graph.Apply([new LoggedEvent(1, Event("1", "ann", "d0", EventKind.Impression, null, 1))]);
        Assert.Equal("c1.e1", graph.State.Version.ToString());
        Assert.False(graph.State.Knows("ann"));
        Assert.Equal(1, graph.State.HistoryOf("ann").Through);
    }

    [Fact]
    public void A_mute_taken_back_is_gone()
    {
        var graph = new LiveGraph(Export(1, new LoggedEvent(1, Event("1", "ann", "d0", EventKind.Mute, null, 1))));
        Assert.Single(graph.State.HistoryOf("ann").Edges);
        graph.Apply([new LoggedEvent(2, Event("2", "ann", "d0", EventKind.Unmute, null, 2))]);
        Assert.Empty(graph.State.HistoryOf("ann").Edges);
        Assert.False(graph.State.Knows("ann"));
    }

    [Fact]
    public void A_swap_keeps_the_events_that_the_export_does_not_hold()
    {
        var graph = new LiveGraph(Export(0));
        LoggedEvent[] all = [Watch(1, "ann", "d0", 0.2), Watch(2, "bob", "d1", 1), Watch(3, "ann", "d0", 0.5), Watch(4, "ann", "d2", 1)];
        graph.Apply(all);
        var before = graph.State;

        graph.Replace(Export(2, all[0], all[1]) with { Version = new GraphVersion(7, 2) }, 1, Cancel);

        Assert.Equal("c7.e4", graph.State.Version.ToString());
        Assert.Equal(2, graph.OverlayCount);
        Assert.Equal(History(all, "ann"), graph.State.HistoryOf("ann").Edges);
        Assert.Equal(History(all, "bob"), graph.State.HistoryOf("bob").Edges);
        // Bob's edge now comes with the snapshot, Ann's through the overlay; the old state still answers as it did.
        Assert.Equal((4L, 0L), (graph.State.HistoryOf("ann").Through, graph.State.HistoryOf("bob").Through));
        Assert.Equal((1, 0), (graph.State.Snapshot.Graph[EdgeType.Watched].ReverseDegree(0), before.Snapshot.Graph[EdgeType.Watched].EdgeCount));
        Assert.Equal("c1.e4", before.Version.ToString());
    }

    [Fact]
    public void A_swap_that_holds_everything_empties_the_overlay()
    {
        var graph = new LiveGraph(Export(0));
        LoggedEvent[] all = [Watch(1, "ann", "d0", 0.2), Watch(2, "bob", "d1", 1)];
        graph.Apply(all);
        graph.Replace(Export(2, all), 1, Cancel);
        Assert.Equal((0, "c1.e2"), (graph.OverlayCount, graph.State.Version.ToString()));
        Assert.Equal(History(all, "ann"), graph.State.HistoryOf("ann").Edges);
    }

    [Fact]
    public void A_swap_to_an_older_export_loses_nothing()
    {
        // Two rebuilds may overlap (one asked for, one due), and the one that read first may swap last.
        var graph = new LiveGraph(Export(0));
        LoggedEvent[] all = [Watch(1, "ann", "d0", 0.2), Watch(2, "ann", "d1", 1), Watch(3, "ann", "d2", 1)];
        graph.Apply(all);
        graph.Replace(Export(3, all), 1, Cancel);
        graph.Replace(Export(1, all[0]), 1, Cancel);
        Assert.Equal("c1.e3", graph.State.Version.ToString());
        Assert.Equal(History(all, "ann"), graph.State.HistoryOf("ann").Edges);
    }

    [Fact]
    public async Task Nothing_is_lost_while_events_arrive_and_snapshots_are_swapped()
    {
        var log = new Log();
        var graph = new LiveGraph(Export(0));
        using var stop = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        var writers = Enumerable.Range(0, 4).Select(w => Run(() => Write(log, graph, w))).ToArray();
        var replacer = Run(() => Swap(log, graph, stop.Token));
        var readers = Enumerable.Range(0, 2).Select(_ => Run(() => Watch(graph, failures, stop.Token))).ToArray();
        await Task.WhenAll(writers);
        await stop.CancelAsync();
        await Task.WhenAll([replacer, .. readers]);

        Assert.Empty(failures);
        Assert.True(await replacer > 3, "too few swaps to prove anything");
        Assert.True(await readers[0] > 100, "too few reads to prove anything");
        var all = log.Until(long.MaxValue);
        Assert.Equal(4 * Log.PerWriter, all.Length);
        Assert.Equal(all.Length, graph.State.Version.AppliedThrough);
        for (var u = 0; u < Log.Users; u++) Assert.Equal(History(all, $"u{u}"), graph.State.HistoryOf($"u{u}").Edges);
        graph.Replace(Export(all.Length, all), 1, Cancel);
        for (var u = 0; u < Log.Users; u++) Assert.Equal(History(all, $"u{u}"), graph.State.HistoryOf($"u{u}").Edges);
    }

    [Fact]
    public void A_catalogue_is_swapped_in_and_the_overlay_stays()
    {
        var graph = new LiveGraph(Export(1, Watch(1, "ann", "d0", 0.2)));
        graph.Apply([Watch(2, "ann", "d1", 1)]);
        var before = graph.State;
        Assert.True(graph.ReplaceCatalog(Catalogue(5), 5, cancel: Cancel));
        Assert.Equal(("c5.e2", "title 5"), (graph.State.Version.ToString(), graph.State.Snapshot.FindDrama("d0")!.Title));
        Assert.Equal((1, before.HistoryOf("ann").Edges), (graph.OverlayCount, graph.State.HistoryOf("ann").Edges));
        Assert.Equal("c1.e2", before.Version.ToString());
        graph.Apply([Watch(3, "ann", "d2", 1)]);
        Assert.Equal(3, graph.State.HistoryOf("ann").Edges.Count);
    }

    [Fact]
    public void An_older_catalogue_never_replaces_a_newer_one()
    {
        var graph = new LiveGraph(Export(1, Watch(1, "ann", "d0", 0.2)));
        LoggedEvent[] all = [Watch(1, "ann", "d0", 0.2), Watch(2, "ann", "d1", 1)];
        graph.Apply(all);
        Assert.True(graph.ReplaceCatalog(Catalogue(5), 5, cancel: Cancel));
        Assert.False(graph.ReplaceCatalog(Catalogue(4), 4, cancel: Cancel));
        // A full rebuild whose export was read before the edit brings the events in, and keeps the edit.
        graph.Replace(Export(2, all), 1, Cancel);
        Assert.Equal(("c5.e2", 0), (graph.State.Version.ToString(), graph.OverlayCount));
        Assert.Equal(History(all, "ann"), graph.State.HistoryOf("ann").Edges);
        Assert.Equal("title 5", graph.State.Snapshot.FindDrama("d0")!.Title);
        graph.Replace(Export(2, all) with { Version = new GraphVersion(5, 2), Dramas = Catalogue(5).Dramas }, 1, Cancel);
        Assert.Equal(("c5.e2", 0), (graph.State.Version.ToString(), graph.OverlayCount));
    }

    [Fact]
    public async Task Edits_rebuilds_and_events_at_once_lose_nothing()
    {
        var log = new Log();
        var graph = new LiveGraph(Export(0) with { Version = new GraphVersion(0, 0), Dramas = Catalogue(0).Dramas });
        using var stop = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        long revision = 0;
        var curator = Run(() =>
        {
            for (; !stop.IsCancellationRequested || revision < 5; Interlocked.Increment(ref revision))
                if (!graph.ReplaceCatalog(Catalogue(revision + 1), revision + 1, cancel: Cancel)) failures.Enqueue($"revision {revision + 1} was refused");
            return (int)revision;
        });
        var swapper = Run(() =>
        {
            var swaps = 0;
            for (; !stop.IsCancellationRequested; swaps++)
            {
                var (read, events) = (Interlocked.Read(ref revision), log.Until(log.Count));
                graph.Replace(Export(events.Length, events) with { Version = new GraphVersion(read, events.Length), Dramas = Catalogue(read).Dramas }, 1, Cancel);
            }
            return swaps;
        });
        var reader = Run(() =>
        {
            var (reads, last) = (0, 0L);
            for (; !stop.IsCancellationRequested; reads++)
            {
                var snapshot = graph.State.Snapshot;
                var now = snapshot.Version.CatalogRevision;
                if (now < last) failures.Enqueue($"revision {now} after {last}");
                if (snapshot.FindDrama("d0")!.Title != $"title {now}") failures.Enqueue($"{snapshot.FindDrama("d0")!.Title} at revision {now}");
                last = now;
            }
            return reads;
        });
        await Task.WhenAll(Enumerable.Range(0, 2).Select(w => Run(() => Write(log, graph, w))));
        await stop.CancelAsync();
        await Task.WhenAll(curator, swapper, reader);

        Assert.Empty(failures);
        Assert.True(await curator >= 5 && await swapper > 0 && await reader > 100, "too little happened to prove anything");
        Assert.Equal($"c{revision}.e{log.Count}", graph.State.Version.ToString());
        for (var u = 0; u < Log.Users; u++) Assert.Equal(History(log.Until(long.MaxValue), $"u{u}"), graph.State.HistoryOf($"u{u}").Edges);
    }

    /// <summary>A catalogue that says of which revision it is.</summary>
    private static CatalogBatch Catalogue(long revision) => new([.. Dramas.Select(d => d with { Title = $"title {revision}" })], [], []);

    /// <summary>On a thread of its own: the pool has as few threads as cores, and would run one after the other.</summary>
    private static Task<int> Run(Func<int> work) => Task.Factory.StartNew(work, Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static int Write(Log log, LiveGraph graph, int writer)
    {
        var random = new Random(writer);
        for (var i = 0; i < Log.PerWriter; i += 5) log.Append(5, random, graph.Apply);
        return Log.PerWriter;
    }

    private static int Swap(Log log, LiveGraph graph, CancellationToken stop)
    {
        var swaps = 0;
        for (; !stop.IsCancellationRequested || swaps < 5; swaps++)
        {
            // Behind the log, as a real export is by the time it is read.
            var events = log.Until(Math.Max(0, log.Count - (swaps % 3 * 10)));
            graph.Replace(Export(events.Length, events), 1, Cancel);
        }
        return swaps;
    }

    /// <summary>Reads until told to stop: no version goes back, and no count of a viewer's events does.</summary>
    private static int Watch(LiveGraph graph, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        var (reads, version) = (0, 0L);
        var clicks = new int[Log.Users];
        for (; !stop.IsCancellationRequested; reads++)
        {
            var state = graph.State;
            var now = state.Version.AppliedThrough;
            if (now < version) failures.Enqueue($"version {now} after {version}");
            version = now;
            for (var u = 0; u < clicks.Length; u++)
            {
                var count = state.HistoryOf($"u{u}").Edges.Where(e => e.Type == EdgeType.Clicked).Sum(e => e.Times);
                if (count < clicks[u]) failures.Enqueue($"u{u}: {count} clicks after {clicks[u]}");
                clicks[u] = count;
            }
        }
        return reads;
    }

    private static BehaviourEdge[] History(IEnumerable<LoggedEvent> events, string user) =>
        BehaviourFold.All(events.Select(e => e.Event)).Where(b => b.UserId == user)
            .OrderByDescending(b => b.LastAt).ThenBy(b => b.Type).ThenBy(b => b.Target.Kind).ThenBy(b => b.Target.Id, StringComparer.Ordinal).ToArray();

    private static GraphExport Export(long through, params LoggedEvent[] events) =>
        new(new GraphVersion(1, through), Dramas, [], [], BehaviourFold.All(events.Select(e => e.Event)));

    private static LoggedEvent Watch(long sequence, string user, string drama, double share) =>
        new(sequence, Event($"e{sequence}", user, drama, EventKind.Watch, share, (int)sequence));

    private static ViewerEvent Event(string id, string user, string drama, EventKind kind, double? value, int minute) =>
        new(id, user, NodeRef.Drama(drama), kind, value, Sample.Minute(minute));

    /// <summary>An event log that hands events on in order, as the event pipeline does.</summary>
    private sealed class Log
    {
        public const int Users = 5;
        public const int PerWriter = 1500;

        private static readonly EventKind[] Kinds = [EventKind.Click, EventKind.Click, EventKind.Watch, EventKind.Rate, EventKind.WatchlistAdd, EventKind.WatchlistRemove, EventKind.Mute, EventKind.Unmute];
        private readonly List<LoggedEvent> _events = [];
        private readonly Lock _turn = new();

        public long Count
        {
            get
            {
                lock (_events) return _events.Count;
            }
        }

        public void Append(int count, Random random, Action<IReadOnlyList<LoggedEvent>> apply)
        {
            lock (_turn)
            {
                var batch = new List<LoggedEvent>();
                for (var i = 0; i < count; i++)
                {
                    var kind = Kinds[random.Next(Kinds.Length)];
                    double? value = kind switch { EventKind.Watch => random.Next(1000) / 1000.0, EventKind.Rate => 1 + random.Next(10), _ => null };
                    var sequence = Count + i + 1;
                    batch.Add(new LoggedEvent(sequence, Event($"e{sequence}", $"u{random.Next(Users)}", $"d{random.Next(6)}", kind, value, random.Next(500))));
                }
                lock (_events) _events.AddRange(batch);
                apply(batch);
            }
        }

        public LoggedEvent[] Until(long sequence)
        {
            lock (_events) return _events.TakeWhile(e => e.Sequence <= sequence).ToArray();
        }
    }
}
