namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>What a run may use of its way out, and more of it (SPEC N10). One method a code.</summary>
public static class BudgetErrors
{
    /// <summary>BTL2023: a budget in a bottle that has no way out.</summary>
    public static Diagnostic NothingToLimit(SourceSpan where) => new()
    {
        Code = "BTL2023",
        Severity = Severity.Warning,
        Message = "'budget' limits what goes out, and nothing can: the bottle has no route, and its agent may not ask for one",
        Where = where,
        Why = "egress counts and holds a budget, and without a route there is none; nothing can be used, so the limits hold, but not as they are meant",
        Fix = "write the routes that it is for, or remove 'budget'; how long the agent's command may run is 'limits.minutes'",
    };

    /// <summary>BTL2024: a limit of tokens where nobody counts any.</summary>
    public static Diagnostic TokensUncounted(SourceSpan? where) => new()
    {
        Code = "BTL2024",
        Message = "'budget.tokens' could never be reached: no route says that its host is a model provider whose answers egress reads",
        Where = where,
        Why = "tokens are counted in what such a provider answers; anywhere else any number of them would pass under this limit",
        Fix = "use a provider whose routes are read ('model_api: true'), or remove 'tokens' and limit requests or bytes",
    };

    /// <summary>BTL2064: there is nothing to extend.</summary>
    public static Diagnostic NoBudget() => new()
    {
        Code = "BTL2064",
        Message = "this run has no budget that could be extended",
        Why = "without one nothing is counted towards an end: what it may use has no limit",
        Fix = "write 'budget' in its manifest before the next launch; a run that is up gets one with --target=EditRoutes",
    };

    /// <summary>BTL2065: this kind has no limit.</summary>
    public static Diagnostic NotLimited(string kind) => new()
    {
        Code = "BTL2065",
        Message = $"the run's budget does not limit {kind}",
        Why = "what has no limit cannot get more; a number would take something away",
        Fix = $"leave --{kind} out; to limit it from now on: --target=EditRoutes",
    };

    /// <summary>BTL2066: not more than before.</summary>
    public static Diagnostic NotMore(string kind, string wanted, string limit) => new()
    {
        Code = "BTL2066",
        Message = $"--{kind}: {wanted} is not more than the {limit} in force",
        Why = "Extend only gives more, so that a forgotten '+' does not shut an agent's way out",
        Fix = $"write --{kind}=+… for so much more, or a larger number; to give less: --target=EditRoutes",
    };

    /// <summary>BTL2067: a limit below what is used.</summary>
    public static Diagnostic SpentAtOnce(string kind, string limit, string used) => new()
    {
        Code = "BTL2067",
        Severity = Severity.Warning,
        Message = $"{kind}: {used} are used already, and the limit will be {limit}",
        Why = "egress refuses every request from the moment in which this is in force, and ends streams that are under way",
        Fix = "give more than is used, unless that is what you want",
    };

    /// <summary>BTL2068: more than a limit can be.</summary>
    public static Diagnostic TooMuch(string kind, string most) => new()
    {
        Code = "BTL2068",
        Message = $"--{kind}: a limit is at most {most}",
        Why = "egress would refuse a table with a larger one",
        Fix = "write less; to do without this limit: --target=EditRoutes, and remove it there",
    };

    /// <summary>BTL7121: the run is over.</summary>
    public static Diagnostic RunIsOver(string identity) => new()
    {
        Code = "BTL7121",
        Message = $"'{identity}' is over: its budget cannot be extended",
        Why = "a budget is of one run, and what that run used is in its receipt",
        Fix = $"see what it used: dotnet cake --target=Receipt --bottle={identity}; for the next run write more in the manifest",
    };
}
