using System.Globalization;
using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>Numbers the secrets of a plan: <c>EGRESS_TOKEN_&lt;n&gt;</c> from 0, one slot a secret however many routes use it.</summary>
internal sealed class TokenSlots
{
    private readonly List<TokenSlot> _slots = [];

    /// <summary>The slots in order.</summary>
    public IReadOnlyList<TokenSlot> All => _slots;

    /// <summary>The name of the slot that this secret fills.</summary>
    public string For(Located<SecretRef> token)
    {
        var known = _slots.Find(s => Same(s.Secret, token.Value));
        if (known is null)
        {
            known = new TokenSlot(string.Create(CultureInfo.InvariantCulture, $"EGRESS_TOKEN_{_slots.Count}"), token.Value, token.Where.ToString());
            _slots.Add(known);
        }
        return known.Name;
    }

    // Records compare lists by reference, so that commands need a comparison of their own.
    private static bool Same(SecretRef one, SecretRef other) => (one, other) switch
    {
        (SecretRef.Command a, SecretRef.Command b) => a.Arguments.SequenceEqual(b.Arguments, StringComparer.Ordinal),
        _ => one == other,
    };
}
