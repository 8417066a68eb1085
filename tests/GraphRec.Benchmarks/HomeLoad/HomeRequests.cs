using System.Globalization;
using System.Text;
using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Benchmarks.HomeLoad;

/// <summary>The requests of the load, as bytes ready to send: random viewers, the same ones for the same seed.</summary>
internal sealed class HomeRequests
{
    /// <summary>The query of the README, with everything a front end shows.</summary>
    private const string Query = """
        query Home($userId: ID!) {
          home(userId: $userId, rows: 8, itemsPerRow: 12) {
            rows {
              id kind title
              reason { kind text paths { nodes { id kind label } edges { type from to detail } share } }
              items {
                drama { id title year country genres { name } }
                score matchPercent
                reason { kind text paths { nodes { id kind label } edges { type from to detail } share } }
                ledger { source value }
                attributionId
              }
            }
          }
        }
        """;

    private const string Record = "mutation Record($events: [EventInput!]!) { recordEvents(events: $events) { accepted } }";

    private readonly byte[][] _homes;
    private readonly int[] _order;
    private readonly string[] _viewers;
    private readonly string[] _dramas;

    public HomeRequests(GraphExport export, int seed)
    {
        _viewers = [.. export.Behaviour.Select(b => b.UserId).Distinct().Order(StringComparer.Ordinal)];
        _dramas = [.. export.Dramas.Select(d => d.Id)];
        if (_viewers.Length == 0) throw new InvalidOperationException("The data directory has no viewers; fill it with `graphrec serve` or `graphrec simulate` first.");
        _homes = [.. _viewers.Select(v => Post(JsonSerializer.Serialize(new { query = Query, variables = new { userId = v } })))];
        var random = new Random(seed);
        _order = [.. Enumerable.Range(0, 1 << 16).Select(_ => random.Next(_viewers.Length))];
    }

    public int Viewers => _viewers.Length;

    public static byte[] Live { get; } = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    /// <summary>Request number i.</summary>
    public byte[] Home(int i) => _homes[_order[i & (_order.Length - 1)]];

    /// <summary>An event: viewer number i watched some of some drama.</summary>
    public byte[] Event(int i)
    {
        var events = new[] { new { userId = _viewers[_order[i & (_order.Length - 1)]], dramaId = _dramas[i * 7919L % _dramas.Length], kind = "WATCH", value = 0.5 } };
        return Post(JsonSerializer.Serialize(new { query = Record, variables = new { events } }));
    }

    /// <summary>Whether an answer has data and no errors, which would come first.</summary>
    public static bool IsGood(ReadOnlySpan<byte> body) => body.StartsWith("{\"data\":{\""u8);

    private static byte[] Post(string body)
    {
        var length = Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
    }
}
