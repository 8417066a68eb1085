using System.Globalization;
using System.Text.Json;

namespace GraphRec.EndToEnd;

/// <summary>Recording what viewers do, and what the next page makes of it.</summary>
public sealed class EventTests(CatalogueServer catalogue) : IClassFixture<CatalogueServer>
{
    private Server Server => catalogue.Server;

    [Fact]
    public async Task A_batch_with_bad_events_keeps_the_good_ones_and_names_the_bad_ones()
    {
        var events = new object[]
        {
            new { id = "batch-0", userId = "batch", dramaId = "goblin-2016", kind = "WATCH", value = 0.5 },
            new { id = "batch-1", userId = "batch", dramaId = "no-such-drama", kind = "WATCH" },
            new { id = "batch-2", userId = "batch", dramaId = "goblin-2016", kind = "RATE", value = 11 },
            new { id = "batch-3", userId = "batch", dramaId = "goblin-2016", kind = "CLICK", context = new { region = "Korea" } },
            new { id = "batch-4", userId = "", dramaId = "goblin-2016", kind = "CLICK" },
            new { id = "batch-5", userId = "batch", dramaId = "goblin-2016", kind = "CLICK", at = Later(TimeSpan.FromHours(1)) },
            new { id = "batch-6", userId = "batch", dramaId = "goblin-2016", kind = "WATCHLIST_ADD", context = new { device = "tv", region = "kr" } },
        };
        var payload = await RecordAsync(events);
        Assert.Equal(2, payload.GetProperty("accepted").GetInt32());
        Assert.Equal(0, payload.GetProperty("duplicates").GetInt32());
        var errors = payload.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("index").GetInt32(), e.GetProperty("eventId").GetString(), e.GetProperty("code").GetString()));
        Assert.Equal(
            [(1, "batch-1", "NOT_FOUND"), (2, "batch-2", "BAD_USER_INPUT"), (3, "batch-3", "BAD_USER_INPUT"), (4, "batch-4", "BAD_USER_INPUT"), (5, "batch-5", "BAD_USER_INPUT")], errors);
        Assert.All(payload.GetProperty("errors").EnumerateArray(), e => Assert.False(string.IsNullOrWhiteSpace(e.GetProperty("message").GetString())));
    }

    [Fact]
    public async Task An_id_counts_once_and_no_id_counts_each_time()
    {
        var withId = new object[] { new { id = "once", userId = "twice", dramaId = "goblin-2016", kind = "CLICK" } };
        Assert.Equal((1, 0), Counts(await RecordAsync(withId)));
        Assert.Equal((0, 1), Counts(await RecordAsync(withId)));
        var without = new object[] { new { userId = "twice", dramaId = "goblin-2016", kind = "CLICK" } };
        Assert.Equal((1, 0), Counts(await RecordAsync(without)));
        Assert.Equal((1, 0), Counts(await RecordAsync(without)));
        var history = (await Server.DataAsync("""{ user(id: "twice") { history { type times } } }""")).GetProperty("user").GetProperty("history");
        Assert.Equal(3, history[0].GetProperty("times").GetInt32());
    }

    [Fact]
    public async Task A_batch_has_a_thousand_events_at_most()
    {
        var events = Enumerable.Range(0, 1001).Select(i => (object)new { id = $"many-{i}", userId = "many", dramaId = "goblin-2016", kind = "CLICK" }).ToArray();
        var answer = await Server.AskAsync(Queries.Record, new { events });
        Assert.Equal("BAD_USER_INPUT", answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal((1000, 0), Counts(await RecordAsync(events[..1000])));
    }

    [Fact]
    public async Task What_is_recorded_now_changes_the_next_page()
    {
        const string userId = "simulated-0007";
        var before = await HomeAsync(userId);
        var first = before[0];
        Assert.Equal((1, 0), Counts(await RecordAsync([new { userId, dramaId = first, kind = "SKIP" }])));
        Assert.Equal((1, 0), Counts(await RecordAsync([new { userId, dramaId = before[1], kind = "WATCH", value = 1.0 }])));
        var after = await HomeAsync(userId);
        Assert.DoesNotContain(first, after);
        Assert.DoesNotContain(before[1], after);
        var history = (await Server.DataAsync("query($id: ID!) { user(id: $id) { history(first: 2) { type target { id } } } }", new { id = userId })).GetProperty("user").GetProperty("history");
        Assert.Equal([(first, "SKIPPED"), (before[1], "WATCHED")],
            history.EnumerateArray().Select(h => (h.GetProperty("target").GetProperty("id").GetString()!, h.GetProperty("type").GetString()!)).OrderBy(h => h.Item2, StringComparer.Ordinal).OrderBy(h => h.Item1 == first ? 0 : 1));
    }

    [Fact]
    public async Task A_first_event_turns_a_cold_page_into_ones_own()
    {
        var events = new[] { "goblin-2016" }.Select(dramaId => (object)new { userId = "fresh", dramaId, kind = "RATE", value = 10 }).ToArray();
        var cold = await ReasonKindsAsync("fresh");
        await RecordAsync(events);
        var warm = await ReasonKindsAsync("fresh");
        Assert.DoesNotContain("BECAUSE_YOU_WATCHED", cold);
        Assert.NotEqual(cold, warm);
    }

    private static (int Accepted, int Duplicates) Counts(JsonElement payload) => (payload.GetProperty("accepted").GetInt32(), payload.GetProperty("duplicates").GetInt32());

    private static string Later(TimeSpan by) => (CatalogueServer.Viewers.Until + by).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private async Task<JsonElement> RecordAsync(object[] events) => (await Server.DataAsync(Queries.Record, new { events })).GetProperty("recordEvents");

    private async Task<List<string>> HomeAsync(string userId)
    {
        var home = (await Server.DataAsync("query($userId: ID!) { home(userId: $userId) { rows { kind items { drama { id } } } } }", new { userId })).GetProperty("home");
        return [.. home.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("kind").GetString() is not ("CONTINUE_WATCHING" or "WATCHLIST"))
            .SelectMany(r => r.GetProperty("items").EnumerateArray()).Select(i => i.GetProperty("drama").GetProperty("id").GetString()!)];
    }

    private async Task<List<string>> ReasonKindsAsync(string userId)
    {
        var home = (await Server.DataAsync("query($userId: ID!) { home(userId: $userId) { rows { items { reason { kind } } } } }", new { userId })).GetProperty("home");
        return [.. home.GetProperty("rows").EnumerateArray().SelectMany(r => r.GetProperty("items").EnumerateArray()).Select(i => i.GetProperty("reason").GetProperty("kind").GetString()!)];
    }
}
