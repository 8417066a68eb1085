using System.Text;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>A slice that is read again and again is told from its earlier reading by the digests of its rows.</summary>
public sealed class SliceFactsTests
{
    private const string First = """["goblin","gong-yoo",{"order":1}]""", Second = """["goblin","kim-go-eun",{"order":2}]""", Spoilt = """["goblin","lee-dong-wook",{"order":"third"}]""";

    [Fact]
    public void The_same_rows_in_another_order_are_the_same()
    {
        var earlier = Read(null, First, Second);
        Assert.True(earlier.Changed);
        var later = Read(earlier.Facts, Second, First);
        Assert.False(later.Changed);
        Assert.Equal(earlier.Facts.All.OrderBy(c => c.Order), later.Facts.All.OrderBy(c => c.Order));
    }

    [Theory]
    [InlineData(First)]
    [InlineData(First, Second, Second)]
    [InlineData(First, First)]
    [InlineData(First, """["goblin","kim-go-eun",{"order":3}]""")]
    [InlineData]
    public void Any_other_rows_are_a_change(params string[] rows) => Assert.True(Read(Read(null, First, Second).Facts, rows).Changed);

    [Fact]
    public void What_is_wrong_is_told_at_every_reading()
    {
        var earlier = Read(null, First, Spoilt);
        Assert.Single(earlier.Facts.Issues.ToList());
        var later = Read(earlier.Facts, First, Spoilt);
        Assert.False(later.Changed);
        Assert.Equal(earlier.Facts.Issues.ToList(), later.Facts.Issues.ToList());
        Assert.Empty(Read(later.Facts, First).Facts.Issues.ToList());
    }

    [Fact]
    public void A_reading_holds_what_its_rows_say_and_nothing_of_the_earlier_one()
    {
        var changed = Read(Read(null, First, Second).Facts, Second, """["goblin","yoo-in-na",{"order":4}]""").Facts;
        Assert.Equal(["kim-go-eun", "yoo-in-na"], changed.All.Select(c => c.PersonId).Order());
    }

    private static (CreditFacts Facts, bool Changed) Read(CreditFacts? earlier, params string[] rows)
    {
        var facts = (CreditFacts)CatalogSlices.Again(CatalogSlice.ActedIn, earlier);
        using var row = new Row(null);
        foreach (var text in rows)
        {
            row.MoveTo(Encoding.UTF8.GetBytes(text));
            facts.Add(row);
        }
        return (facts, facts.Complete());
    }
}
