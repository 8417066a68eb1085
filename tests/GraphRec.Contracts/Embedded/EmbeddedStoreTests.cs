using GraphRec.Core;
using GraphRec.Storage.Embedded;
using Microsoft.Data.Sqlite;
using Xunit;

namespace GraphRec.Contracts.Embedded;

/// <summary>What the embedded store promises beyond its ports.</summary>
public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_second_writer_is_refused_and_told_what_to_do()
    {
        await using var first = await OpenAsync();
        var refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync());
        Assert.Contains("open for writing; stop it, or use another directory", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("sqlite", "open", true), (refused.Store, refused.Operation, refused.Retryable));
        await first.DisposeAsync();
        await using var second = await OpenAsync();
    }

    [Fact]
    public async Task A_reader_beside_the_writer_sees_what_is_committed_and_cannot_write()
    {
        await using var writer = await OpenAsync();
        await using var reader = await OpenAsync(new EmbeddedOptions { ReadOnly = true });
        await writer.Events.AppendAsync([Examples.Watch("e1")], Cancel);
        Assert.Equal(1, await reader.Events.LastSequenceAsync(Cancel));
        await Assert.ThrowsAsync<NotSupportedException>(() => reader.Events.AppendAsync([Examples.Watch("e2")], Cancel));
        await Assert.ThrowsAsync<NotSupportedException>(() => reader.Catalog.UpsertAsync(CatalogBatch.Empty, Cancel));
        await Assert.ThrowsAsync<NotSupportedException>(() => reader.Graph.ApplyAsync([], Cancel));
        await Assert.ThrowsAsync<NotSupportedException>(() => reader.Impressions.AppendAsync([], Cancel));
    }

    [Fact]
    public async Task Reading_what_was_never_written_says_so()
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(new EmbeddedOptions { ReadOnly = true }));
        Assert.Contains("import a catalogue first", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99", "use the newer GraphRec")]
    [InlineData("PRAGMA application_id = 7", "another program")]
    public async Task A_newer_or_foreign_file_is_refused_and_not_touched(string sql, string message)
    {
        await (await OpenAsync()).DisposeAsync();
        Execute(sql);
        var before = await File.ReadAllBytesAsync(_directory.File(EmbeddedStore.FileName), Cancel);
        var refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync());
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.False(refused.Retryable);
        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.File(EmbeddedStore.FileName), Cancel));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_a_wrapped_error()
    {
        await File.WriteAllTextAsync(_directory.File(EmbeddedStore.FileName), new string('x', 4096), Cancel);
        var refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync());
        Assert.Contains("not a SQLite database", refused.Message, StringComparison.Ordinal);
        File.Delete(_directory.File(EmbeddedStore.FileName));
        await using var store = await OpenAsync(); // the lock was given back
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public async Task Options_out_of_range_are_refused(int pages, int cache, int group)
    {
        var options = new EmbeddedOptions { KeepImpressionPages = pages, CacheMegabytes = cache, MaxGroupCommit = group };
        Assert.Contains("Set ", (await Assert.ThrowsAsync<InvalidInputException>(() => OpenAsync(options))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_in_wal_mode_with_our_mark_and_version()
    {
        await using var store = await OpenAsync();
        Assert.Equal("wal", Query("PRAGMA journal_mode"));
        Assert.Equal("1196574019", Query("PRAGMA application_id"));
        Assert.Equal("2", Query("PRAGMA user_version"));
    }

    [Fact]
    public async Task Behaviour_and_catalogue_can_be_checked_with_plain_sql()
    {
        await using var store = await OpenAsync();
        await store.Catalog.UpsertAsync(new CatalogBatch(
            [Examples.Goblin], [], [new Credit("goblin-2016", "gong-yoo", CreditRole.Actor, 1, "Kim Shin")]), Cancel);
        await AppendAndApplyAsync(store, Examples.Watch("e1", drama: "goblin-2016", value: 0.8));
        var at = Examples.Start.ToUnixTimeMilliseconds();
        Assert.Equal($"u1|WATCHED|Drama|goblin-2016|0.8|{at}|{at}|1", Query(
            "SELECT user_id||'|'||type||'|'||target_kind||'|'||target_id||'|'||value||'|'||first_at||'|'||last_at||'|'||times FROM behaviour"));
        Assert.Equal("gong-yoo|actor", Query("SELECT person_id||'|'||role FROM credit WHERE drama_id = 'goblin-2016'"));
        Assert.Equal("Romance,Fantasy,Comedy", Query("SELECT group_concat(genre) FROM drama_genre WHERE drama_id = 'goblin-2016'"));
        Assert.Equal("grim reaper", Query("SELECT tag FROM drama_tag WHERE position = 0"));
        Assert.Equal("tvN", Query("SELECT network FROM drama_network"));
        Assert.Equal("not-there-yet", Query("SELECT follows_id FROM season WHERE drama_id = 'goblin-2016'"));
    }

    [Fact]
    public async Task A_call_that_fails_leaves_the_others_of_its_group_alone()
    {
        await using var store = await OpenAsync();
        var bad = Examples.Watch("bad") with { UserId = null! };
        var calls = Enumerable.Range(0, 50).Select(i => Task.Run(
            () => store.Events.AppendAsync([Examples.Watch($"e{i}"), i % 10 == 3 ? bad : Examples.Watch($"f{i}")], Cancel), Cancel)).ToList();
        foreach (var call in calls) await call.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(5, calls.Count(call => call.IsFaulted));
        Assert.All(calls.Where(call => call.IsFaulted), call => Assert.IsType<StorageException>(call.Exception!.InnerException));
        var ids = (await Examples.ListAsync(store.Events.ReadAsync(0, Cancel))).Select(e => e.Event.Id).ToHashSet();
        Assert.Equal(90, ids.Count);
        Assert.DoesNotContain("e3", ids); // all or nothing within the failed call
    }

    [Fact]
    public async Task Applying_out_of_order_takes_what_is_missing_from_the_log()
    {
        await using var store = await OpenAsync();
        var events = Examples.Mixed(400, seed: 11);
        var appended = await store.Events.AppendAsync(events, Cancel);
        await store.Graph.ApplyAsync([appended[350]], Cancel);
        Assert.Equal(351, await store.Graph.AppliedThroughAsync(Cancel));
        await Task.WhenAll(appended.Reverse().Select(e => Task.Run(() => store.Graph.ApplyAsync([e], Cancel), Cancel)));
        Assert.Equal(Examples.Folded(events), (await store.Export.ReadAsync(Cancel)).Behaviour);
    }

    [Fact]
    public async Task Many_callers_that_append_and_apply_leave_the_fold_of_the_log()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Examples.Mixed(600, seed: 12).Chunk(20).Select(chunk => Task.Run(async () =>
        {
            foreach (var e in chunk) await AppendAndApplyAsync(store, e);
        }, Cancel)));
        var log = await Examples.ListAsync(store.Events.ReadAsync(0, Cancel));
        Assert.Equal(600, log.Count);
        Assert.Equal(Examples.Folded(log.Select(e => e.Event)), (await store.Export.ReadAsync(Cancel)).Behaviour);
    }

    [Fact]
    public async Task Catching_up_folds_the_tail_and_replaying_rebuilds_everything()
    {
        await using var store = await OpenAsync();
        var events = Examples.Mixed(6_000, seed: 13);
        var appended = await store.Events.AppendAsync(events, Cancel);
        await store.Graph.ApplyAsync([.. appended.Take(100)], Cancel);
        Assert.Equal(5_900, await store.CatchUpAsync(Cancel));
        Assert.Equal(0, await store.CatchUpAsync(Cancel));
        var expected = Examples.Folded(events);
        Assert.Equal(expected, (await store.Export.ReadAsync(Cancel)).Behaviour);
        Assert.Equal(6_000, await store.ReplayAsync(Cancel));
        Assert.Equal(expected, (await store.Export.ReadAsync(Cancel)).Behaviour);
        Assert.Empty(await store.CheckIntegrityAsync(Cancel));
    }

    [Fact]
    public async Task A_closed_store_says_that_it_is_closed()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Events.AppendAsync([Examples.Watch("e1")], Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Events.LastSequenceAsync(Cancel));
    }

    private Task<EmbeddedStore> OpenAsync(EmbeddedOptions? options = null) => EmbeddedStore.OpenAsync(_directory.Path, options, Cancel);

    private static async Task AppendAndApplyAsync(EmbeddedStore store, ViewerEvent e) =>
        await store.Graph.ApplyAsync(await store.Events.AppendAsync([e], Cancel), Cancel);

    private void Execute(string sql)
    {
        using var connection = Connect("");
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string? Query(string sql)
    {
        using var connection = Connect(";Mode=ReadOnly");
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private SqliteConnection Connect(string more)
    {
        var connection = new SqliteConnection($"Data Source={_directory.File(EmbeddedStore.FileName)};Pooling=False{more}");
        connection.Open();
        return connection;
    }
}
