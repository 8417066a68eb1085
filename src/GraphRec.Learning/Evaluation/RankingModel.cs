using System.Numerics.Tensors;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Evaluation;

/// <summary>What can be evaluated: something that scores every item for users of the matrix it was fitted on. Safe to use from several threads.</summary>
public interface IRankingModel
{
    /// <summary>How reports name it.</summary>
    string Name { get; }

    /// <summary>How many items it scores; items are numbered as in the matrix it was fitted on.</summary>
    int ItemCount { get; }

    /// <summary>A scorer with buffers of its own, for one thread.</summary>
    IScorer NewScorer();
}

/// <summary>Writes the score of every item for the user of this number in the training matrix; what it held is overwritten.</summary>
public delegate void UserScores(int user, Span<double> scores);

/// <summary>A scorer made of a function of one user: for models that gain nothing from scoring several users together.</summary>
public sealed class UserScorer(int items, UserScores scoresOf) : IScorer
{
    private readonly double[] _scores = new double[items];

    public int BlockSize => 1;

    public void Score(in UserBlock users, Span<float> scores)
    {
        for (var row = 0; row < users.Count; row++)
        {
            scoresOf(users.Users[row], _scores);
            // Not checked: an infinity stays one.
            TensorPrimitives.ConvertTruncating<double, float>(_scores, scores.Slice(row * items, items));
        }
    }
}
