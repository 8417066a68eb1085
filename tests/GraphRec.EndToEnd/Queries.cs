namespace GraphRec.EndToEnd;

/// <summary>Documents that several tests send.</summary>
internal static class Queries
{
    public const string Reason = "kind text paths { share nodes { id kind label } edges { type from to detail } }";

    public const string Drama = """
        id title nativeTitle aliases country year airedFrom airedTo episodes durationMinutes contentRating type tags networks genres { name }
        """;

    /// <summary>The page with everything on it.</summary>
    public static readonly string FullHome = $$"""
        query FullHome($userId: ID!, $rows: Int, $items: Int) {
          home(userId: $userId, rows: $rows, itemsPerRow: $items) {
            userId graphVersion modelVersion degraded
            rows {
              id kind title reason { {{Reason}} }
              items {
                drama { {{Drama}} }
                score matchPercent attributionId reason { {{Reason}} } ledger { source value }
              }
            }
          }
        }
        """;

    public const string Record = """
        mutation Record($events: [EventInput!]!) {
          recordEvents(events: $events) { accepted duplicates errors { index eventId code message } }
        }
        """;
}
