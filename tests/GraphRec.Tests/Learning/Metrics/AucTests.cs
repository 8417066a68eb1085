using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Metrics;
using Xunit;

namespace GraphRec.Tests.Learning.Metrics;

public sealed class AucTests
{
    private static readonly Gen<(RankedCase Case, double[] Scores)> Scored =
        from c in RankedCase.Any
        // Few values, so that ties are frequent.
        from scores in Gen.Int[-2, 2].Array[c.Items]
        select (c, scores.Select(s => s / 2.0).ToArray());

    [Fact]
    public void Ties_count_half_and_known_items_not_at_all()
    {
        // Relevant 1 (0.5) and 4 (0.7) against 2 (0.5) and 3 (0.1): 1 ties with 2, the other three pairs are won. 0 is known.
        Assert.Equal(3.5 / 4, Auc.Of([0.9, 0.5, 0.5, 0.1, 0.7], [1, 4], [0]));
        // Not masked, 0 beats both.
        Assert.Equal(3.5 / 6, Auc.Of([0.9, 0.5, 0.5, 0.1, 0.7], [1, 4]));
    }

    [Fact]
    public void Best_is_1_worst_is_0_and_without_a_pair_or_a_difference_it_is_a_half()
    {
        Assert.Equal(1, Auc.Of([3, 2, 1], [0]));
        Assert.Equal(0, Auc.Of([3, 2, double.NegativeInfinity], [2]));
        Assert.Equal(0.5, Auc.Of([1, 1, 1], [2]));
        Assert.Equal(0.5, Auc.Of([3, 2], [1], [0]));
    }

    [Fact]
    public void Equals_counting_the_pairs() => Scored.Sample(s =>
    {
        var (won, pairs) = (0.0, 0);
        foreach (var relevant in s.Case.Relevant)
        {
            foreach (var other in Enumerable.Range(0, s.Case.Items).Except(s.Case.Relevant).Except(s.Case.Known))
            {
                won += s.Scores[relevant] > s.Scores[other] ? 1 : s.Scores[relevant] == s.Scores[other] ? 0.5 : 0;
                pairs++;
            }
        }
        Assert.Equal(pairs == 0 ? 0.5 : won / pairs, Auc.Of(s.Scores, s.Case.Relevant, s.Case.Known), 12);
    });

    [Fact]
    public void The_order_alone_matters_and_turned_round_it_is_the_rest_to_1() => Scored.Sample(s =>
    {
        var auc = Auc.Of(s.Scores, s.Case.Relevant, s.Case.Known);
        Assert.Equal(auc, Auc.Of([.. s.Scores.Select(Math.Exp)], s.Case.Relevant, s.Case.Known));
        Assert.Equal(1 - auc, Auc.Of([.. s.Scores.Select(x => -x)], s.Case.Relevant, s.Case.Known), 12);
        double[] other = [.. s.Scores.Select((x, item) => s.Case.Known.Contains(item) ? 99 : x)];
        Assert.Equal(auc, Auc.Of(other, s.Case.Relevant, s.Case.Known));
    });

    [Fact]
    public void What_cannot_be_measured_is_refused_with_what_to_change()
    {
        Refused("a user has no relevant item; leave users without test items out.", [1, 2], [], []);
        Refused("relevant has item 0 at 1; give numbers from 0 to 1, ascending, each once.", [1, 2], [1, 0], []);
        Refused("relevant has item 2 at 0; give numbers from 0 to 1, ascending, each once.", [1, 2], [2], []);
        Refused("known has item -1 at 0; give numbers from 0 to 1, ascending, each once.", [1, 2], [1], [-1]);
        Refused("item 1 is relevant and known; a test item must not be a training item.", [1, 2], [1], [1]);
        Refused("the score of item 0 is not a number; check the model's parameters.", [double.NaN, 2], [1], []);
        Refused("the score of item 1 is not a number; check the model's parameters.", [1, double.NaN], [1], []);
    }

    private static void Refused(string message, double[] scores, int[] relevant, int[] known)
    {
        var refused = Assert.Throws<InvalidInputException>(() => Auc.Of(scores, relevant, known));
        Assert.Equal((ErrorCodes.BadUserInput, message), (refused.Code, refused.Message));
    }
}
