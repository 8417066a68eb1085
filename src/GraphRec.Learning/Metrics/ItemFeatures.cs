namespace GraphRec.Learning.Metrics;

/// <summary>
/// The features of an item as numbers, ascending, each once: its genres, its tags, or the users who engaged with it (a column
/// of the training matrix, <c>train.UsersOf</c>). Empty when nothing is known of it.
/// </summary>
public delegate ReadOnlySpan<int> ItemFeatures(int item);
