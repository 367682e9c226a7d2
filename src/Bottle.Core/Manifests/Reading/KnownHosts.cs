using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bottle.Contracts.Git;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Checks the lines of a known_hosts file: a key that was cut short or belongs to another host would only fail at the first push.</summary>
public static class KnownHosts
{
    private const int LongestText = 64 * 1024;

    /// <summary>What is wrong, or null. <paramref name="upstream"/> must have a key among them; null when it could not be read.</summary>
    public static string? Problem(string text, SshUpstream? upstream)
    {
        if (text.Length > LongestText)
            return "it is longer than 64 KiB";
        var names = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var start = fields[0].StartsWith('@') ? 1 : 0;
            if (fields.Length < start + 3)
                return "a line is: host names, the key's type, the key";
            if (!IsKey(fields[start + 1], fields[start + 2]))
                return $"the {Diagnostics.InertText.Excerpt(fields[start + 1], 30)} key is cut short, or none";
            names.AddRange(fields[start].Split(','));
        }

        return names.Count == 0 ? "it holds no key"
            : upstream is null || names.Exists(name => Names(name, upstream)) ? null
            : $"it holds no key of {Wanted(upstream)}";
    }

    // A key begins with its type, which also stands before it.
    private static bool IsKey(string type, string key)
    {
        if (!Base64.IsValid(key))
            return false;
        var bytes = Convert.FromBase64String(key);
        return bytes.Length > 4 + type.Length + 4 && bytes.AsSpan(0, 4).SequenceEqual((byte[])[0, 0, 0, (byte)type.Length]) && Encoding.Latin1.GetString(bytes, 4, type.Length) == type;
    }

    // Hashed names and patterns cannot be compared here; ssh does.
    private static bool Names(string name, SshUpstream upstream) =>
        name.StartsWith('|') || name.Contains('*', StringComparison.Ordinal) || name.Contains('?', StringComparison.Ordinal) || string.Equals(name, Wanted(upstream), StringComparison.OrdinalIgnoreCase);

    private static string Wanted(SshUpstream upstream) => upstream.Port == 22 ? upstream.Host : string.Create(CultureInfo.InvariantCulture, $"[{upstream.Host}]:{upstream.Port}");
}
