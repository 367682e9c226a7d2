using System.Security.Cryptography;
using System.Text;

namespace Bottle.Contracts.Git;

/// <summary>Names a finding so that an operator can accept it: the same secret, found by the same rule in the same file, keeps its fingerprint however the lines around it change.
/// It is a hash: a short password can be guessed from it, so it is as public as the manifest that holds it.</summary>
public static class FindingFingerprint
{
    /// <summary>Sixteen lower-case hex digits of SHA-256 over rule, path and the matched text.</summary>
    public static string Of(string rule, string path, string secret)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var text = $"bottle-finding\0{rule}\0{path}\0{secret}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
