using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models;

/// <summary>
/// A fitted model that scores every item for a user, from what the user engaged with: users it was not fitted on are folded
/// in where the mathematics allows it, so that an event changes the next answer without retraining. Immutable; safe to use
/// from several threads.
/// </summary>
public interface IModel : IRankingModel
{
    /// <summary>Which <see cref="ModelKind"/> it is of, as recipes and reports name it: <c>ials</c>.</summary>
    string Kind { get; }

    string IRankingModel.Name => Kind;

    /// <summary>
    /// What each of the user's items adds to the score of <paramref name="item"/>: the contributions sum to the score
    /// (relative error ≤ 1e-4 in float arithmetic). False when the model does not allow it, and nothing is written then.
    /// </summary>
    /// <param name="user">A block of one user.</param>
    /// <param name="item">Any item.</param>
    /// <param name="contributions">One per item of the user.</param>
    bool TryExplain(in UserBlock user, int item, Span<float> contributions);

    /// <summary>Writes what is needed to score as now, by a <see cref="ModelWriter"/>; <see cref="ModelReader.Read"/> reads it back.</summary>
    void Save(Stream stream);
}

/// <summary>Scores users, a block at a time. Not for concurrent use.</summary>
public interface IScorer
{
    /// <summary>How many users are best scored together, from 1; any number is allowed.</summary>
    int BlockSize { get; }

    /// <summary>
    /// Writes the score of every item for each user, the higher the better, the user's own items included. A user's scores
    /// do not depend on who else is in the block.
    /// </summary>
    /// <param name="users">The users.</param>
    /// <param name="scores">users.Count × items, a row per user; what it held is overwritten.</param>
    void Score(in UserBlock users, Span<float> scores);
}

/// <summary>
/// A model with a way to every user's best items that is faster than scoring all items into memory. The result is the
/// same as by <see cref="IRankingModel.NewScorer"/>, but for the order of additions.
/// </summary>
public interface ITopItemsModel : IModel
{
    /// <summary>
    /// Calls <paramref name="consume"/> once per user, in no order, from several threads, with their best items, best first,
    /// ties by lower number; items in their row of <paramref name="known"/> are left out. The same for any number of threads.
    /// </summary>
    void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel);
}
