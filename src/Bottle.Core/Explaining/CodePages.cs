using System.Reflection;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Git;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Explaining;

/// <summary>
/// A page for every code, made of the catalogue itself: what happened is the sentence at the factory method, the example is what that method makes of invented values. Nothing is written twice, so that nothing can go out of date.
/// </summary>
public static class CodePages
{
    private static readonly Lazy<SortedDictionary<string, CodePage>> Pages = new(Read);

    /// <summary>All pages, by code.</summary>
    public static IReadOnlyCollection<CodePage> All => Pages.Value.Values;

    /// <summary>The page of a code, in any case of letters, with or without BTL before the digits; null when there is none.</summary>
    public static CodePage? Find(string code)
    {
        var digits = code.StartsWith("BTL", StringComparison.OrdinalIgnoreCase) ? code[3..] : code;
        return Pages.Value.GetValueOrDefault($"BTL{digits}");
    }

    private static SortedDictionary<string, CodePage> Read()
    {
        var pages = new SortedDictionary<string, CodePage>(StringComparer.Ordinal);
        var catalogue = typeof(CommandLineErrors).Assembly.GetTypes().Where(type => type.Namespace == typeof(CommandLineErrors).Namespace && type is { IsAbstract: true, IsSealed: true });
        foreach (var method in catalogue.SelectMany(Factories<Diagnostic>))
            if (SampleValues.Invoke(method) is Diagnostic sample)
                pages[sample.Code] = Page(sample, CatalogueText.Summary(method));
        foreach (var denial in DenialCodes.All)
            pages[denial.Code] = Page(denial);
        foreach (var method in Factories<GateRefusal>(typeof(GateRefusals)))
            if (SampleValues.Invoke(method) is GateRefusal refusal)
                pages[refusal.Code] = Page(refusal, CatalogueText.Summary(method));
        return pages;
    }

    private static IEnumerable<MethodInfo> Factories<T>(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(method => method.ReturnType == typeof(T)).OrderBy(method => method.Name, StringComparer.Ordinal);

    private static CodePage Page(Diagnostic sample, string? summary) => new()
    {
        Code = sample.Code,
        What = Sentence(summary ?? sample.Message),
        Why = sample.Why,
        Example = DiagnosticText.Render(sample with { Why = null, Fix = null }, _ => null),
        Fix = sample.Fix,
    };

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static CodePage Page(DenialCode denial) => new()
    {
        Code = denial.Code,
        What = $"Egress answered the agent's request with {denial.Status}: {denial.Meaning}",
        // What egress could not serve it has not forbidden.
        Why = denial.Status is 408 or >= 500 ? null : $"egress lets through what a route of the bottle allows, and nothing else (this is about: {denial.Layer})",
        Example = $$"""HTTP {{denial.Status}}  {"error":"{{denial.Error}}","code":"{{denial.Code}}","host":"api.example.com",…}""",
        Fix = denial.CanAsk
            ? "see which route is missing with --target=Explain --agent=NAME --url='METHOD URL'; in a supervised bottle the agent can ask for it (egress-block)"
            : "no route changes this; the response's 'reason' says what to do instead",
    };

    private static CodePage Page(GateRefusal refusal, string? summary) => new()
    {
        Code = refusal.Code,
        What = Sentence(summary ?? refusal.Message),
        Why = "the git-gate passes on what 'git' of the bottle's manifest allows, and what its scan finds clean",
        Example = $"remote: {refusal.Code}: {refusal.Message}",
        Fix = refusal.Fix,
    };
}
