namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL0xxx: what was typed. Exit code 2.</summary>
public static class CommandLineErrors
{
    /// <summary>BTL0001: an argument that this target does not take; <paramref name="known"/> without dashes.</summary>
    public static Diagnostic UnknownArgument(string name, IReadOnlyCollection<string> known)
    {
        var near = Nearest.Of(name, known);
        return new Diagnostic
        {
            Code = "BTL0001",
            Message = $"unknown argument '--{InertText.Excerpt(name)}'",
            Why = "an argument that is not understood is never ignored",
            Fix = (near is null ? "leave it out; " : $"write '--{near}'; ") + $"known arguments: {string.Join(", ", known.Order(StringComparer.Ordinal).Select(k => "--" + k))}",
        };
    }

    /// <summary>BTL0002: an argument that this target needs; <paramref name="example"/> is a whole command that works.</summary>
    public static Diagnostic MissingArgument(string name, string target, string example) => new()
    {
        Code = "BTL0002",
        Message = $"{InertText.Excerpt(target)} needs '--{name}'",
        Fix = $"for example: {example}",
    };

    /// <summary>BTL0003: an argument's value that cannot be used; <paramref name="wanted"/> says what can, for example <c>text or json</c>.</summary>
    public static Diagnostic BadValue(string name, string value, string wanted) => new()
    {
        Code = "BTL0003",
        Message = $"'--{name}={InertText.Excerpt(value)}' is not {wanted}",
        Fix = $"write '--{name}=' and then {wanted}",
    };

    /// <summary>BTL0004: a target that does not exist.</summary>
    public static Diagnostic UnknownTarget(string name, IReadOnlyCollection<string> known)
    {
        var near = Nearest.Of(name, known);
        return new Diagnostic
        {
            Code = "BTL0004",
            Message = $"unknown target '{InertText.Excerpt(name)}'",
            Fix = (near is null ? "" : $"write '--target={near}'; ") + "what there is: dotnet cake --target=Help",
        };
    }

    /// <summary>BTL0010: several targets, and one document to print.</summary>
    public static Diagnostic OneDocumentOnly(IReadOnlyList<string> targets) => new()
    {
        Code = "BTL0010",
        Message = $"'--format=json' goes with one target, and {targets.Count} are asked for: {InertText.Excerpt(string.Join(", ", targets))}",
        Why = "standard output carries one JSON document and nothing else",
        Fix = "ask for one target at a time",
    };

    /// <summary>BTL0005: a stage runs without one that it depends on.</summary>
    public static Diagnostic StageLeftOut(string stage) => new()
    {
        Code = "BTL0005",
        Message = $"this target needs what {stage} makes, and {stage} did not run",
        Why = "--exclusive runs a target without its dependencies",
        Fix = "leave --exclusive out",
    };

    /// <summary>BTL0006: a task of Bottle's own repository, away from any.</summary>
    public static Diagnostic NeedsClone(string target) => new()
    {
        Code = "BTL0006",
        Message = $"{target} works on Bottle's own repository, and there is none here",
        Why = "an installed tool carries what bottles need, not the tests and figures of Bottle itself",
        Fix = "run it in the root of a clone",
    };

    /// <summary>BTL0009: a text that is no request.</summary>
    public static Diagnostic NoRequest(string text, string reason) => new()
    {
        Code = "BTL0009",
        Message = $"'--url={InertText.Excerpt(text)}' is no request: {InertText.Line(reason)}",
        Why = "it is judged as egress judges a request, which is read in one way only",
        Fix = "write a method in capitals and a URL: --url='POST https://api.example.com/v1/x'; without a method it means GET",
    };

    /// <summary>BTL0011: a code that there is not.</summary>
    public static Diagnostic UnknownCode(string code, IEnumerable<string> known)
    {
        var near = Nearest.Of(code, known);
        return new Diagnostic
        {
            Code = "BTL0011",
            Message = $"there is no code '{InertText.Excerpt(code)}'",
            Fix = near is null ? "a code is BTL and four digits, as in BTL1203" : $"perhaps --code={near}",
        };
    }

    /// <summary>BTL0012: a <c>--bottle</c> that names no run; <paramref name="isAgentName"/> says that the text could be an agent's.</summary>
    public static Diagnostic NoIdentity(string text, bool isAgentName) => new()
    {
        Code = "BTL0012",
        Message = text.Length == 0 ? "'--bottle' stands there without an identity" : $"'--bottle={InertText.Excerpt(text)}' is no identity",
        Why = "an identity names one run, and looks like 'demo-k3x9a': the agent's name and five characters",
        Fix = "see which runs exist: dotnet cake --target=List" + (isAgentName ? $"; an agent is named by --agent={text}" : ""),
    };

    /// <summary>BTL0013: a <c>--lease</c> that cannot be read.</summary>
    public static Diagnostic NoLease(string text, string reason) => new()
    {
        Code = "BTL0013",
        Message = $"'--lease={InertText.Excerpt(text)}' is no lease: {InertText.Line(reason)}",
        Why = "an approval ends when the person who gives it says",
        Fix = "write --lease=30m (s, m, h, d: by time), --lease=3x (by number of requests) or --lease=run",
    };

    /// <summary>BTL0015: an amount that is none.</summary>
    public static Diagnostic NoBudgetAmount(string kind, string text, string reason) => new()
    {
        Code = "BTL0015",
        Message = $"'--{kind}={InertText.Excerpt(text)}' is no amount: {InertText.Line(reason)}",
        Why = "more of a budget is a number that egress counts towards",
        Fix = kind == "bytes" ? "write --bytes=+1GB for so much more, or --bytes=6GB for so much in all" : $"write --{kind}=+500 for so much more, or --{kind}=25000 for so much in all",
    };

    /// <summary>BTL0014: an argument without the value that it wants; <paramref name="wanted"/> is what the value stands for.</summary>
    public static Diagnostic MissingValue(string name, string wanted) => new()
    {
        Code = "BTL0014",
        Message = $"'--{name}' stands there without a value",
        Fix = $"write --{name}={wanted}",
    };

    /// <summary>BTL0021: two ways of giving an agent a directory.</summary>
    public static Diagnostic TwoWorkspaces() => new()
    {
        Code = "BTL0021",
        Message = "'--cwd' and '--mount' exclude each other",
        Why = "an agent works in one directory: in a copy, or in the directory itself",
        Fix = "leave out '--mount' to keep the agent's hands off your files",
    };

    /// <summary>BTL0007: a word that no argument takes.</summary>
    public static Diagnostic SuperfluousWord(string word) => new()
    {
        Code = "BTL0007",
        Message = $"'{InertText.Excerpt(word)}' is one word too many",
        Why = "a word that is not understood is never ignored",
        Fix = "bottle --help, or bottle VERB --help, says what each verb takes",
    };

    /// <summary>BTL0008: a shell without a completion script.</summary>
    public static Diagnostic UnknownShell(string shell, IEnumerable<string> known) => new()
    {
        Code = "BTL0008",
        Message = $"there is no completion for '{InertText.Excerpt(shell)}'",
        Fix = $"name one of {string.Join(", ", known.Order(StringComparer.Ordinal))}",
    };
}
