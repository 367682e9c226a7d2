using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.State;

namespace Bottle.Host.Apply;

/// <summary>
/// The secret behind the twelve digits that name a diff (<c>approval.key</c> in home, 0600, no container sees it). Twelve digits of a plain hash can be met by two different diffs within a minute of searching,
/// and a part of the diff is the agent's own text; whoever has not the key cannot search.
/// </summary>
internal static class ApprovalKey
{
    private const int Length = 32;
    private const int ShownDigits = 12;

    /// <summary>What a person types to say which diff of a run was seen.</summary>
    public static string Name(BottleHome home, string identity, string diff) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Of(home), Encoding.UTF8.GetBytes($"{identity}\n{diff}")))[..ShownDigits];

    private static byte[] Of(BottleHome home) => Read(home.ApprovalKey) ?? Make(home);

    private static byte[] Make(BottleHome home)
    {
        SafeFolder.Create(home.Root);
        var own = $"{home.ApprovalKey}.{Guid.NewGuid():N}";
        AtomicFile.Write(own, stream => stream.Write(RandomNumberGenerator.GetBytes(Length)), AtomicFile.Secret);
        try
        {
            File.Move(own, home.ApprovalKey, overwrite: false);
        }
        catch (IOException)
        {
            // Another command was first: two must not show names by two keys.
            File.Delete(own);
        }
        return Read(home.ApprovalKey) ?? throw new BottleException(StateErrors.KeyUnusable(home.ApprovalKey, "it cannot be made"));
    }

    /// <summary>The key; null when it is not there, BTL3111 when it cannot be used.</summary>
    private static byte[]? Read(string path)
    {
        try
        {
            if (NativeFile.Look(path) is not { } facts)
                return null;
            if (facts.IsOpenToOthers || facts.UserId != NativeFile.UserId)
                throw new BottleException(StateErrors.KeyUnusable(path, "it is not this user's alone"));
            return SafeReading.Read(path, Length) is ({ Length: Length } key, false) ? key : throw new BottleException(StateErrors.KeyUnusable(path, "it is not a key"));
        }
        catch (IOException e)
        {
            throw new BottleException(StateErrors.KeyUnusable(path, e.Message), e);
        }
    }
}
