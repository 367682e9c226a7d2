using System.Text.RegularExpressions;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.State;

/// <summary>The form of identities: <c>&lt;agent&gt;-&lt;5 base36&gt;</c>. Everything that makes a path or a label of one checks it here.</summary>
public static partial class Identity
{
    /// <summary>Whether a text is an identity.</summary>
    public static bool IsValid(string text) => Form().IsMatch(text);

    /// <summary>The text, when it is an identity; else BTL3101.</summary>
    public static string Checked(string text) => IsValid(text) ? text : throw new BottleException(StateErrors.InvalidIdentity(text));

    // \z and not $, which would allow a line break at the end.
    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}-[a-z0-9]{5}\z")]
    private static partial Regex Form();
}
