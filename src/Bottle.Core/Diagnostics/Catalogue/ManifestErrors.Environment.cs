namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    /// <summary>BTL1301: a name that no environment variable can have.</summary>
    public static Diagnostic BadVariableName(SourceSpan where, string name) => new()
    {
        Code = "BTL1301",
        Message = $"'{InertText.Excerpt(name)}' cannot be the name of an environment variable",
        Where = where,
        Fix = "use letters, digits and '_', not starting with a digit, at most 128 characters",
    };

    /// <summary>BTL1302: a variable that would steer the engine, the loader, the proxy or a tool's trust.</summary>
    public static Diagnostic SteeringVariable(SourceSpan where, string name, string steers) => new()
    {
        Code = "BTL1302",
        Message = $"'{InertText.Excerpt(name)}' cannot be set in env: it steers {steers}",
        Where = where,
        Why = "Compose is started with these variables, and the agent's own way out depends on them; Bottle sets what is needed itself",
        Fix = "remove it; what the agent may reach is written under egress.routes",
    };

    /// <summary>BTL1303: a dollar that is neither a whole value <c>${NAME}</c> nor <c>$$</c>.</summary>
    public static Diagnostic BadDollar(SourceSpan where, string name, string fix) => new()
    {
        Code = "BTL1303",
        Message = $"the value of '{InertText.Excerpt(name)}' uses '$' in a way that means nothing here",
        Where = where,
        Why = "a value is a literal, or as a whole one variable of yours: ${NAME}; parts are not replaced, so that the plan can say where each value comes from",
        Fix = fix,
    };

    /// <summary>BTL1304: a model provider's token that would enter the agent; <paramref name="route"/> is the route to write in its place.</summary>
    public static Diagnostic ProviderToken(SourceSpan where, string name, string route) => new()
    {
        Code = "BTL1304",
        HidesValue = true,
        Message = $"'{InertText.Excerpt(name)}' would hand a provider's token to the agent",
        Where = where,
        Why = "the agent gets a placeholder, and egress sets the credential on the way out; a token inside could be sent anywhere that is allowed",
        Fix = route,
    };

    /// <summary>BTL1305: a character that no environment value of Bottle can hold.</summary>
    public static Diagnostic BadCharacterInValue(SourceSpan where, string what, char character) => new()
    {
        Code = "BTL1305",
        Message = $"{what} holds the character U+{(int)character:X4}",
        Where = where,
        Why = character == '\0' ? "a value ends at the first NUL for the kernel" : "it is invisible, or steers the terminal that shows the plan",
        Fix = "remove it; line feeds and tabs are possible",
    };

    /// <summary>BTL1306: a value longer than the limit, in characters.</summary>
    public static Diagnostic ValueTooLong(SourceSpan where, string what, int limit) => new()
    {
        Code = "BTL1306",
        Message = $"{what} is longer than {limit} characters",
        Where = where,
        Fix = "shorten it; large text belongs in a skill or in the working directory",
    };
}
