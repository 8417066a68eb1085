using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Data;

/// <summary>
/// A data set in two parts: what a model may learn from, and what it is to find. Hyper-parameters are chosen on
/// <see cref="Validation"/>, which is cut from the training part; the test part is for the one measurement at the end.
/// </summary>
/// <param name="Name">How reports name the manner of splitting.</param>
/// <param name="Train">The training pairs as a matrix.</param>
/// <param name="Test">The users with something to find, ascending; none of it is in their row of <paramref name="Train"/>.</param>
public abstract record Split(string Name, InteractionMatrix Train, IReadOnlyList<TestUser> Test)
{
    /// <summary>How many pairs are to be found.</summary>
    public int TestPairs => Test.Sum(user => user.Items.Count);

    /// <summary>The training pairs with their values and times, numbered as <see cref="Train"/> is.</summary>
    public abstract Interactions TrainPairs { get; }

    /// <summary>This split with at most so many of its test users, evenly spaced.</summary>
    public Split WithTestUsers(int most) =>
        Test.Count <= most ? this : this with { Test = [.. Enumerable.Range(0, most).Select(n => Test[(int)((long)n * Test.Count / most)])] };

    /// <summary>
    /// Splits the training part in the manner of this split: its training and test part together are this one's training
    /// part, and this one's test part is not looked at. A split by time or order has no chance in it and ignores the seed.
    /// </summary>
    /// <exception cref="Core.InvalidInputException">There is too little left to split.</exception>
    public abstract Split Validation(int seed);
}
