using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Data;

/// <summary>The two sides of a data set whose pairs are each marked as test or not.</summary>
internal sealed record PairCut(Interactions Train, InteractionMatrix Matrix, IReadOnlyList<TestUser> Test)
{
    public static PairCut Of(Interactions data, bool[] isTest)
    {
        var train = data.Where(isTest, false);
        return new PairCut(train, train.Matrix(), TestUsers(data.Where(isTest, true)));
    }

    /// <summary>The users who have pairs, each with their items, ascending, and with grades where the data has values.</summary>
    public static IReadOnlyList<TestUser> TestUsers(Interactions test)
    {
        var users = new List<TestUser>();
        var (starts, pairs) = test.ByUser();
        for (var user = 0; user < test.Users.Count; user++)
        {
            var row = pairs.AsSpan(starts[user]..starts[user + 1]);
            if (row.IsEmpty) continue;
            var (items, grades) = (new int[row.Length], new float[row.Length]);
            for (var n = 0; n < row.Length; n++) (items[n], grades[n]) = (test.ItemNumbers[row[n]], test.Values[row[n]]);
            Array.Sort(items, grades);
            users.Add(new TestUser(user, items) { Grades = test.HasValues ? grades : null });
        }
        return users;
    }
}
