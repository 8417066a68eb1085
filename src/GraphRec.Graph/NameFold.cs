using System.Text;

namespace GraphRec.Graph;

/// <summary>
/// Folds a name to what is left without case, marks, spaces and signs, so that spellings of one name compare equal.
/// </summary>
/// <remarks>
/// Not <see cref="string.Normalize()"/>: the product runs without ICU (<c>InvariantGlobalization</c>), where that returns
/// every string unchanged. The tables hold the Latin letters that Unicode decomposes into a letter and marks; Hangul is
/// decomposed by its arithmetic (The Unicode Standard, section 3.12), full-width forms by their offset.
/// </remarks>
internal static class NameFold
{
    /// <summary>U+00C0 to U+024F: the letter below the marks; a dot where there is none.</summary>
    private const string Latin =
        "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y"
        + "aaaaaaccccccccdd..eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll."
        + "...nnnnnn...oooooo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzz."
        + "................................oo.............uu..............."
        + ".............aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa...."
        + "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
        + "................";

    /// <summary>U+1E00 to U+1EFF, among them Vietnamese.</summary>
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
        + "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
        + "wwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
        + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    public static string Of(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (c is >= '\uAC00' and <= '\uD7A3') AppendJamo(folded, c - 0xAC00);
            else if (char.IsLetterOrDigit(c)) folded.Append(char.ToLowerInvariant(Letter(c)));
            // A pair that spells one character outside the first plane: a rare Han character tells two names apart.
            else if (char.IsSurrogate(c)) folded.Append(c);
        }
        return folded.ToString();
    }

    private static char Letter(char c) => c switch
    {
        >= '\u00C0' and <= '\u024F' => Latin[c - 0x00C0] is var l and not '.' ? l : c,
        >= '\u1E00' and <= '\u1EFF' => LatinAdditional[c - 0x1E00] is var l and not '.' ? l : c,
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        _ => c,
    };

    private static void AppendJamo(StringBuilder folded, int syllable)
    {
        folded.Append((char)(0x1100 + (syllable / 588))).Append((char)(0x1161 + (syllable % 588 / 28)));
        if (syllable % 28 > 0) folded.Append((char)(0x11A7 + (syllable % 28)));
    }
}
