using GraphRec.Core;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Ranking;

/// <summary>A graph whose later behaviour is held out, and when each viewer is asked.</summary>
public sealed record HeldOut
{
    /// <summary>With fewer engagements than this nothing of a viewer is held out.</summary>
    private const int FewestEngagements = 5;

    /// <summary>
    /// What a viewer did with a held-out drama so shortly before the cut led to it, and is held out too: else whoever looks for the
    /// page opened a minute ago finds the first of them (LambdaMART did so on the simulated viewers: NDCG@10 .31 instead of .17).
    /// </summary>
    private static readonly TimeSpan LeadingTo = TimeSpan.FromDays(1);

    private readonly GraphExport _catalogue;
    private readonly Dictionary<string, DateTimeOffset>? _cuts;
    private readonly HashSet<int>[] _started;

    /// <summary>Holds out a fifth of the engagements.</summary>
    /// <param name="name">How reports name it.</param>
    /// <param name="catalogue">The stored graph; its behaviour is not read.</param>
    /// <param name="events">What viewers did, by time.</param>
    /// <param name="perViewer">The last fifth of each viewer's own engagements, instead of the last fifth of all.</param>
    /// <exception cref="InvalidInputException">There are too few engagements to cut.</exception>
    public HeldOut(string name, GraphExport catalogue, IReadOnlyList<ViewerEvent> events, bool perViewer)
    {
        (Name, _catalogue, Events) = (name, catalogue, events);
        string[] items = [.. catalogue.Dramas.Select(d => d.Id)];
        if (perViewer) _cuts = CutsOf(events);
        Split = _cuts is null ? TemporalSplit.Of(items, events) : Cut(items, events, _cuts);
        _started = StartedIn(Split);
        Split = Split with
        {
            // What was started before the cut belongs to "continue watching", and no list of new dramas may show it.
            Test = [.. Split.Test.Select(t => new TestUser(t.User, t.Items.Where(i => !_started[t.User].Contains(i)).ToArray())).Where(t => t.Items.Count > 0)],
        };
    }

    /// <summary>How reports name it.</summary>
    public string Name { get; }

    /// <summary>All of them, also those after the cut.</summary>
    public IReadOnlyList<ViewerEvent> Events { get; }

    /// <summary>Without what the viewer had started before the cut: no list of new dramas shows it.</summary>
    public TemporalSplit Split { get; }

    /// <summary>What is held out, for reports.</summary>
    public string Protocol => _cuts is null ? $"cut {Split.Cut:yyyy-MM-dd}" : "the last fifth of each viewer's engagements";

    /// <summary>The graph as given.</summary>
    public GraphExport Catalogue => _catalogue;

    /// <summary>
    /// What weights are chosen on: of the events before the cut, each viewer's last fifth is put aside, and then the last fifth
    /// of the rest is held out. So neither kind of test, by one cut or per viewer, has a part in the choice.
    /// </summary>
    public HeldOut Validation()
    {
        var kept = _cuts is null ? new HeldOut(Name, _catalogue, Split.TrainEvents, perViewer: true).Split.TrainEvents : Split.TrainEvents;
        return new HeldOut($"{Name}, validation", _catalogue, kept, perViewer: true);
    }

    /// <summary>When the viewer is asked.</summary>
    public DateTimeOffset Moment(string userId) => _cuts is not null && _cuts.TryGetValue(userId, out var at) ? at : Split.Cut;

    /// <summary>Dramas that the viewer had started.</summary>
    public IReadOnlySet<int> Started(int user) => _started[user];

    /// <summary>By viewer, when the last fifth of their engagements begins.</summary>
    private static Dictionary<string, DateTimeOffset> CutsOf(IReadOnlyList<ViewerEvent> events)
    {
        var cuts = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var user in Engagements.Of(events).GroupBy(e => e.UserId, StringComparer.Ordinal))
        {
            Engagement[] own = [.. user];
            if (own.Length >= FewestEngagements) cuts.Add(user.Key, own[(int)(own.Length * 0.8)].At);
        }
        return cuts;
    }

    private static TemporalSplit Cut(string[] items, IReadOnlyList<ViewerEvent> events, Dictionary<string, DateTimeOffset> cuts)
    {
        var heldOut = Engagements.Of(events).Where(e => cuts.TryGetValue(e.UserId, out var cut) && e.At >= cut).Select(e => (e.UserId, e.DramaId)).ToHashSet();
        ViewerEvent[] kept = [.. events.Where(e => !cuts.TryGetValue(e.UserId, out var cut) || (e.At < cut && !(cut - e.At < LeadingTo && heldOut.Contains((e.UserId, e.Target.Id)))))];
        var train = InteractionMatrix.Of(items, Engagements.Of(kept));
        var whole = InteractionMatrix.Of(items, Engagements.Of(events));
        var rows = Enumerable.Range(0, whole.Users.Count).ToDictionary(row => whole.Users[row], StringComparer.Ordinal);
        var test = new List<TestUser>();
        for (var user = 0; user < train.Users.Count; user++)
        {
            if (!rows.TryGetValue(train.Users[user], out var row)) continue;
            int[] later = [.. whole.ItemsOf(row).ToArray().Except(train.ItemsOf(user).ToArray())];
            if (later.Length > 0) test.Add(new TestUser(user, later));
        }
        return new TemporalSplit(kept[^1].At, kept, train, test);
    }

    private static HashSet<int>[] StartedIn(TemporalSplit split)
    {
        var rows = Enumerable.Range(0, split.Train.Users.Count).ToDictionary(r => split.Train.Users[r]);
        var columns = Enumerable.Range(0, split.Train.Items.Count).ToDictionary(c => split.Train.Items[c]);
        var started = Enumerable.Range(0, rows.Count).Select(_ => new HashSet<int>()).ToArray();
        foreach (var e in split.TrainEvents)
            if (e.Kind is EventKind.Watch or EventKind.Rate or EventKind.Review && rows.TryGetValue(e.UserId, out var row)) started[row].Add(columns[e.Target.Id]);
        return started;
    }
}
