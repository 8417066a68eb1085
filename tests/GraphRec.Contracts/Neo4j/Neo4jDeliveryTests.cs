using System.Diagnostics;
using GraphRec.Contracts.Embedded;
using GraphRec.Core;
using GraphRec.Storage;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>
/// Events go to the local log, and from there to Neo4j, which is killed (SIGKILL) and started again meanwhile.
/// </summary>
public sealed class Neo4jDeliveryTests
{
    private const int Count = 100_000;
    private const int Kills = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_100_000_events_none_is_lost_and_none_counts_twice_when_the_server_is_killed_five_times()
    {
        SharedNeo4j.SkipWithoutNeo4j();
        await using var server = await Neo4jServer.OpenAsync(cancel: Cancel);
        using var directory = new TempDirectory();
        await using var local = await EmbeddedStore.OpenAsync(directory.Path, cancel: Cancel);
        // One attempt: what fails is seen here, and tried again by the loop that delivers.
        await using var store = await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri) { Attempts = 1 }, Cancel);
        var run = new Run(server, local, store);
        await Task.WhenAll(run.RecordAsync(), run.DeliverAsync(), run.KillAsync());

        Assert.Equal(Kills, run.Killed);
        // Otherwise the server would have been killed while nothing was on its way.
        Assert.True(run.Broken > Kills / 2, $"only {run.Broken} deliveries broke off in the middle");
        var log = await Examples.ListAsync(local.Events.ReadAsync(0, Cancel));
        Assert.Equal(Count, log.Count);
        var kept = await server.RowsAsync("MATCH (e:Event) RETURN count(e), count(DISTINCT e.id), min(e.sequence), max(e.sequence)", cancel: Cancel);
        Assert.Equal([Count, Count, 1, Count], kept[0].Select(number => number.GetInt32()));
        // Id by id and field by field, under the same sequence: so also in order per viewer.
        Assert.Equal(log, await Examples.ListAsync(store.Events.ReadAsync(0, Cancel)));
        var graph = await store.Export.ReadAsync(Cancel);
        Assert.Equal(Count, graph.Version.AppliedThrough);
        Assert.Equal(BehaviourFold.All(log.Select(e => e.Event)), graph.Behaviour);
        Assert.True(graph.Behaviour.Count > 10_000, $"only {graph.Behaviour.Count} edges");
    }

    private sealed class Run(Neo4jServer server, EmbeddedStore local, Neo4jStore store)
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly InFlight _graph = new(store.Graph);
        private long _recorded;

        public int Killed { get; private set; }
        public int Broken => _graph.Broken;

        /// <summary>Records without waiting for Neo4j, at a pace that lets every kill fall between the first and the last event.</summary>
        public async Task RecordAsync()
        {
            var events = Examples.Mixed(Count, seed: 42).Select((e, i) => e with
            {
                UserId = $"u{i % 701}",
                Target = e.Target.Kind == NodeKind.Drama ? NodeRef.Drama($"d{i % 97}") : e.Target,
                Context = i % 50 == 0 ? new EventContext("tv", i % 100 == 0 ? "KR" : "JP") : null,
            });
            foreach (var batch in events.Chunk(500))
            {
                // A sixth at full speed before the first kill and after each; slowly while a kill is due.
                if (_recorded >= (Killed + 1) * Count / (Kills + 1)) await Task.Delay(100, Cancel);
                _recorded += (await local.Events.AppendAsync(batch, Cancel)).Count;
            }
            Tell($"recorded {_recorded}");
        }

        public async Task DeliverAsync()
        {
            while (_recorded < Count || await AppliedAsync() < Count)
            {
                try
                {
                    await EventCatchUp.RunAsync(local.Events, _graph, Cancel);
                }
                catch (StorageException e) when (e.Retryable)
                {
                    // It is down: again, until it is back.
                }
                await Task.Delay(20, Cancel);
            }
            Tell($"delivered; {Broken} deliveries broke off in the middle");
        }

        public async Task KillAsync()
        {
            var random = new Random(20_261_123);
            while (Killed < Kills)
            {
                // Between two kills something arrives; and then something is on its way.
                var before = _graph.Arrived;
                while (!_graph.Applying || _graph.Arrived == before)
                {
                    Assert.True(_graph.Arrived < Count, "all was delivered before the last kill");
                    await Task.Delay(1, Cancel);
                }
                await Task.Delay(random.Next(100), Cancel);
                server.Kill();
                Killed++;
                Tell($"killed at {_recorded} recorded");
                await server.StartAsync(Cancel);
                Tell($"back, with {await store.Graph.AppliedThroughAsync(Cancel)} applied");
            }
        }

        private async Task<long> AppliedAsync()
        {
            try
            {
                return await store.Graph.AppliedThroughAsync(Cancel);
            }
            catch (StorageException e) when (e.Retryable)
            {
                return 0;
            }
        }

        private void Tell(string what) => TestContext.Current.SendDiagnosticMessage($"{_watch.Elapsed.TotalSeconds,5:0.0} s: {what}");
    }

    /// <summary>The writer, and whether a call to it is on its way.</summary>
    private sealed class InFlight(IGraphWriter writer) : IGraphWriter
    {
        private volatile bool _applying;

        public bool Applying => _applying;
        public int Broken { get; private set; }
        public long Arrived { get; private set; }

        public async Task ApplyAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel = default)
        {
            _applying = true;
            try
            {
                await writer.ApplyAsync(events, cancel);
                Arrived = events[^1].Sequence;
            }
            catch (StorageException)
            {
                Broken++;
                throw;
            }
            finally
            {
                _applying = false;
            }
        }

        public Task<long> AppliedThroughAsync(CancellationToken cancel = default) => writer.AppliedThroughAsync(cancel);
    }
}
