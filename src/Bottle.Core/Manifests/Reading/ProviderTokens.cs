namespace Bottle.Core.Manifests.Reading;

/// <summary>Model providers' tokens, which belong into a route's <c>auth</c> and never into the agent (SPEC A12).</summary>
internal static class ProviderTokens
{
    /// <summary>What the agent may hold in such a variable: clients want it set, and egress replaces it.</summary>
    public const string Placeholder = "placeholder";

    private const string Anthropic = "egress: {routes: [{host: api.anthropic.com, methods: [POST], path_allowlist: [/v1/messages, /v1/messages/count_tokens], inspect: false, model_api: true, auth: ";
    private const string OpenAi = "egress: {routes: [{host: api.openai.com, methods: [POST], path_allowlist: [/v1/*], inspect: false, auth: ";
    private const string Gemini = "egress: {routes: [{host: generativelanguage.googleapis.com, methods: [POST], path_allowlist: [/v1beta/*], inspect: false, auth: ";

    private static readonly Dictionary<string, string> Routes = new(StringComparer.Ordinal)
    {
        ["CLAUDE_CODE_OAUTH_TOKEN"] = Anthropic + "{scheme: Bearer, token_ref: CLAUDE_CODE_OAUTH_TOKEN}}]}",
        ["ANTHROPIC_AUTH_TOKEN"] = Anthropic + "{scheme: Bearer, token_ref: ANTHROPIC_AUTH_TOKEN}}]}",
        ["ANTHROPIC_API_KEY"] = Anthropic + "{scheme: header, header: x-api-key, token_ref: ANTHROPIC_API_KEY}}]}",
        ["OPENAI_API_KEY"] = OpenAi + "{scheme: Bearer, token_ref: OPENAI_API_KEY}}]}",
        ["CODEX_API_KEY"] = OpenAi + "{scheme: Bearer, token_ref: CODEX_API_KEY}}]}",
        ["GEMINI_API_KEY"] = Gemini + "{scheme: header, header: x-goog-api-key, token_ref: GEMINI_API_KEY}}]}",
        ["GOOGLE_API_KEY"] = Gemini + "{scheme: header, header: x-goog-api-key, token_ref: GOOGLE_API_KEY}}]}",
    };

    // Literals are recognised by what providers themselves print before every token.
    private static readonly LiteralPrefix[] LiteralPrefixes =
        [new("sk-ant-oat", "CLAUDE_CODE_OAUTH_TOKEN"), new("sk-ant-", "ANTHROPIC_API_KEY"), new("sk-proj-", "OPENAI_API_KEY"), new("AIza", "GEMINI_API_KEY")];

    /// <summary>How to write the route that takes the token's place, or null when the variable holds no provider's token.</summary>
    public static string? RouteInstead(EnvironmentManifest variable)
    {
        var token = variable.FromHost is { } host && Routes.ContainsKey(host) ? host
            : Routes.ContainsKey(variable.Name) && variable.Literal != Placeholder ? variable.Name
            : variable.Literal is { } text ? Array.Find(LiteralPrefixes, known => text.StartsWith(known.Prefix, StringComparison.Ordinal))?.Name : null;
        if (token is null)
            return null;
        var shortcut = Routes[token].StartsWith(Anthropic, StringComparison.Ordinal) ? $"\nor remove it and write 'provider: claude', which adds that route with {token} or another credential of yours" : "";
        return $"write the route that carries it:\n{Routes[token]}\nand here, where the client wants the variable: '{variable.Name}: {Placeholder}'{shortcut}";
    }

    private sealed record LiteralPrefix(string Prefix, string Name);
}
