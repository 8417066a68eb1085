using System.Text.RegularExpressions;
using Xunit;

namespace GraphRec.Tests.Rules;

public sealed class ExploringPageTests
{
    [Fact]
    public void The_page_for_analysts_tells_of_every_query_and_of_no_other()
    {
        var told = Regex.Matches(Repository.Read("docs/exploring.md"), @"(?m)^### ([\w-]+)\n\n.+\n\[`(.+)`\]\(\.\./(.+)\) with").Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value));
        Assert.Equal(Repository.Files("cypher/explore", "*.cypher").Select(file => (Path.GetFileNameWithoutExtension(file), file, file)), told);
    }

    [Fact]
    public void The_page_for_analysts_shows_each_query_as_it_is_now()
    {
        // The command writes purposes and parameters into the page: who changes one runs it again.
        var page = Repository.Read("docs/exploring.md");
        Assert.All(Repository.Files("cypher/explore", "*.cypher"), file =>
        {
            var lines = Repository.Read(file).Split('\n');
            Assert.Contains(lines[0]["// purpose: x".Length..] + ".\n", page);
            Assert.Contains($"`{lines[1]["// params:  ".Length..]}`", page);
        });
    }
}
