using GraphRec.Core;
using GraphRec.Learning.Training;
using GraphRec.Tests.Learning.Data;
using Xunit;

namespace GraphRec.Tests.Learning.Training;

public sealed class UnfinishedTrainingTests : IDisposable
{
    private static readonly TrainingOrder Asked = new(1, "slim,ease", 12, 1, "d", "0.1.0", 1000, new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_order_goes_on_with_the_events_that_it_began_with()
    {
        using (var first = Open(Asked))
        {
            Assert.Equal((false, Asked), (first.GoesOn, first.Order));
            File.WriteAllText(first.TrialFile, "a trial\n");
        }
        var later = Asked with { Through = 2000, Begun = Asked.Begun.AddDays(1) };
        using (var second = Open(later))
        {
            Assert.Equal((true, Asked, "a trial\n"), (second.GoesOn, second.Order, File.ReadAllText(second.TrialFile)));
            second.Finish();
        }
        using var third = Open(later);
        Assert.Equal((false, later, false), (third.GoesOn, third.Order, File.Exists(third.TrialFile)));
    }

    public static TheoryData<TrainingOrder, bool> Others => new()
    {
        { Asked with { Models = "slim" }, false },
        { Asked with { Trials = 13 }, false },
        { Asked with { Seed = 2 }, false },
        { Asked with { Dramas = "e" }, false },
        { Asked with { Code = "0.2.0" }, false },
        { Asked, true },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_order_or_being_told_so_begins_anew(TrainingOrder other, bool anew)
    {
        using (var first = Open(Asked)) File.WriteAllText(first.TrialFile, "a trial\n");
        using var second = Open(other, anew);
        Assert.Equal((false, false), (second.GoesOn, File.Exists(second.TrialFile)));
    }

    [Fact]
    public void Two_at_a_time_are_refused()
    {
        using var first = Open(Asked);
        Assert.Contains("Another 'graphrec train' is under way", Assert.Throws<InvalidInputException>(() => Open(Asked)).Message, StringComparison.Ordinal);
    }

    private UnfinishedTraining Open(TrainingOrder asked, bool anew = false) => UnfinishedTraining.Open(_folder.Path, asked, anew);
}
