using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class DefaultRecipeTests
{
    [Fact]
    public void The_file_that_people_copy_is_what_the_product_runs()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GraphRec.sln"))) folder = Path.GetDirectoryName(folder)!;
        var file = Recipe.Load(Path.Combine(folder, "recipes", "default.json"));
        Assert.Equal(Recipe.Default.ToJson(), file.ToJson());
    }
}
