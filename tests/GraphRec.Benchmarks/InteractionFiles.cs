using GraphRec.Graph;
using GraphRec.Learning.Data;

namespace GraphRec.Benchmarks;

/// <summary>A data set in LightGCN's form as the kernels take it.</summary>
internal static class InteractionFiles
{
    /// <summary>Training relation and test items by user; a user without test items has none.</summary>
    public static (Bipartite Train, int[][] Test) ReadSplit(string folder)
    {
        var split = LightGcnFiles.Read(folder);
        var test = new int[split.Train.Users.Count][];
        Array.Fill(test, []);
        foreach (var user in split.Test) test[user.User] = [.. user.Items];
        return (Bipartite.Build(split.Train.Users.Count, split.Train.Items.Count, user => split.Train.ItemsOf(user).ToArray()), test);
    }
}
