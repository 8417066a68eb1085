using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Ranking;

namespace GraphRec.Benchmarks.PageQuality;

/// <summary>A baseline that, like serving, never lists what the viewer started.</summary>
public sealed class MaskSeen(IRankingModel model, HeldOut held) : IRankingModel
{
    public string Name => model.Name;

    public int ItemCount => model.ItemCount;

    public IScorer NewScorer() => new Masking(model.NewScorer(), held, ItemCount);

    private sealed class Masking(IScorer scorer, HeldOut held, int items) : IScorer
    {
        public int BlockSize => scorer.BlockSize;

        public void Score(in UserBlock users, Span<float> scores)
        {
            scorer.Score(users, scores);
            for (var row = 0; row < users.Count; row++)
                foreach (var item in held.Started(users.Users[row])) scores[(row * items) + item] = float.NegativeInfinity;
        }
    }
}
