namespace GraphRec.EndToEnd.Neo4j;

/// <summary>Texts that would do something if they became a part of Cypher, of a parameter's name, or of JSON.</summary>
internal static class Injections
{
    public static readonly string[] Texts =
    [
        "'", "\"", "`", "\\", "''", "\\'", "\\\"",
        "'}) DETACH DELETE n //", "\"}) DETACH DELETE n //", "'}) MATCH (n) DETACH DELETE n //", "x' OR '1'='1", "x\" OR \"1\"=\"1",
        "'}) SET d.title = 'owned' //", "' RETURN 1 UNION MATCH (n) DETACH DELETE n RETURN 1 //", "'; MATCH (n) DETACH DELETE n; //",
        "1 OR 1=1", "*/ MATCH (n) DETACH DELETE n /*", "/* comment */", "// comment", "-- comment",
        "$ids", "{ids}", "$events", "{event}", "$`x`", "{`a b`}", "${7*7}", "{{7*7}}", "`}) DETACH DELETE n //", "Drama`) DETACH DELETE n //",
        "Genre:Admin", ":Admin {id: 1}", "\\u0027}) DETACH DELETE n //", "\\u0022}) DETACH DELETE n //", "\u2019}) DETACH DELETE n //", "\uFF07}) DETACH DELETE n //",
        "\"}],\"statements\":[{\"statement\":\"MATCH (n) DETACH DELETE n\"}]}", "]]}", "null", "true", "NaN", "id", "$", "{}", "[]",
        "CALL dbms.procedures()", "LOAD CSV FROM 'file:///etc/passwd' AS l CREATE (:Owned)", "' + (MATCH (n) DELETE n) + '", "%27%7D%29%20DELETE%20n", "\u202E}) nerovat",
    ];
}
