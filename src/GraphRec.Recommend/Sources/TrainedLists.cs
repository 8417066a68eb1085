using System.Runtime.CompilerServices;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Recommend.Sources;

/// <summary>
/// What a trained collaborative model serves from: for each drama the dramas that it speaks for, with the model's weights.
/// Numbered as when it was trained; a snapshot with other dramas gets the part that it knows.
/// </summary>
/// <param name="version">The model version, as pages name it.</param>
/// <param name="dramas">Drama ids by number.</param>
/// <param name="weights">The lists, in these numbers; counts are not read.</param>
public sealed class TrainedLists(string version, IReadOnlyList<string> dramas, ItemNeighbours weights)
{
    // Previews ask of two snapshots in turn, and an old one must not be kept alive.
    private readonly ConditionalWeakTable<GraphSnapshot, ItemNeighbours> _lists = [];

    /// <summary>The model version, as pages name it.</summary>
    public string Version => version;

    /// <summary>The lists in a snapshot's numbers. Made once per snapshot, which takes milliseconds.</summary>
    public ItemNeighbours For(GraphSnapshot snapshot) => _lists.GetValue(snapshot, Renumber);

    private ItemNeighbours Renumber(GraphSnapshot snapshot)
    {
        var nodes = snapshot.Graph.Nodes(NodeKind.Drama);
        var now = new int[dramas.Count];
        var before = new int[snapshot.Dramas.Length];
        Array.Fill(before, -1);
        for (var number = 0; number < now.Length; number++)
        {
            now[number] = nodes.Find(dramas[number]);
            if (now[number] >= 0) before[now[number]] = number;
        }
        var (offsets, items, scores) = (new int[before.Length + 1], new List<int>(weights.EdgeCount), new List<float>(weights.EdgeCount));
        for (var drama = 0; drama < before.Length; drama++)
        {
            if (before[drama] is >= 0 and var number)
            {
                var to = weights.Of(number);
                var of = weights.Scores(number);
                for (var n = 0; n < to.Length; n++)
                {
                    if (now[to[n]] < 0) continue;
                    items.Add(now[to[n]]);
                    scores.Add(of[n]);
                }
            }
            offsets[drama + 1] = items.Count;
        }
        return new ItemNeighbours(offsets, [.. items], [.. scores], []);
    }
}
