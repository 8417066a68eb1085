using GraphRec.Core;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Data;

/// <summary>A split that was published with the data. How it was made is not known, so validation is random per user.</summary>
public sealed record GivenSplit : Split
{
    private GivenSplit(Interactions train, InteractionMatrix matrix, IReadOnlyList<TestUser> test)
        : base("given", matrix, test) => TrainPairs = train;

    /// <summary>The share of each user's training items that <see cref="Validation"/> holds out, in (0, 1).</summary>
    public double ValidationShare { get; init; } = RandomSplit.DefaultShare;

    public override Interactions TrainPairs { get; }

    /// <summary>Both parts together again, the training part first: to be split in another manner.</summary>
    public Interactions Whole()
    {
        List<int> users = [.. TrainPairs.UserNumbers], items = [.. TrainPairs.ItemNumbers];
        foreach (var user in Test)
        {
            foreach (var item in user.Items)
            {
                users.Add(user.User);
                items.Add(item);
            }
        }
        return Interactions.Of(TrainPairs.Name, TrainPairs.Users, TrainPairs.Items, [.. users], [.. items]);
    }

    /// <summary>The split of two parts that are numbered alike. Users with items in the test part alone are test users too.</summary>
    /// <exception cref="InvalidInputException">The parts are numbered differently, or a pair is in both.</exception>
    public static GivenSplit Of(Interactions train, Interactions test)
    {
        if (train.Users.Count != test.Users.Count || train.Items.Count != test.Items.Count)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"{train.Name}: the parts differ in users or items; number both alike.");
        }
        var matrix = train.Matrix();
        var users = PairCut.TestUsers(test);
        foreach (var user in users)
        {
            foreach (var item in user.Items)
            {
                if (matrix.ItemsOf(user.User).BinarySearch(item) < 0) continue;
                throw new InvalidInputException(
                    ErrorCodes.BadUserInput,
                    $"{train.Name}: item {train.Items[item]} of user {train.Users[user.User]} is in the training and in the test part; "
                    + "take it out of one.");
            }
        }
        return new GivenSplit(train, matrix, users);
    }

    public override RandomSplit Validation(int seed) =>
        RandomSplit.Of(TrainPairs, ValidationShare, seed) with { Name = $"validation, {Name}" };
}
