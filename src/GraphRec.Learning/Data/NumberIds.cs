using System.Collections;
using System.Globalization;

namespace GraphRec.Learning.Data;

/// <summary>The ids of things that have none but their number: "0", "1", …, made when asked for.</summary>
internal sealed class NumberIds(int count) : IReadOnlyList<string>
{
    public int Count => count;

    public string this[int index] => (uint)index < (uint)count
        ? index.ToString(CultureInfo.InvariantCulture)
        : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<string> GetEnumerator()
    {
        for (var number = 0; number < count; number++) yield return this[number];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
