using System.Security.Cryptography;
using System.Text;

namespace Bottle.Contracts.Supervision;

/// <summary>What a question changes, as lines that a person reads. It follows from the question alone; what is applied is planned and shown again by the operator's side.</summary>
public static class ProposalDiff
{
    /// <summary>Lines that begin with '+', '-' or a space, each ending in a line feed.</summary>
    public static string Of(ProposedQuestion question) => question switch
    {
        { NarrowRoute: { } route } => Prefixed(RouteText.Lines(route).TrimEnd('\n').Split('\n')),
        { Tool: ProposalTool.PipelockBlock } => $"   - host: \"{question.Key}\"\n-    inspect: true\n+    inspect: false\n",
        _ => Prefixed(question.Steps!),
    };

    /// <summary>SHA-256 of the text in UTF-8, 64 hex digits in lower case.</summary>
    public static string Hash(string diff) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(diff)));

    private static string Prefixed(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"+{line}\n"));
}
