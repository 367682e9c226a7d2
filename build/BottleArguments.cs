using Bottle.Contracts.Routes;
using Bottle.Core.Planning;

namespace Bottle.Build;

/// <summary>The command line, checked: unknown names and bad values are errors, all at once.</summary>
public sealed class BottleArguments
{
    private const string Bare = "true";
    private static readonly string[] KeptByCake = ["tree", "description", "dryrun", "exclusive"];
    private static readonly string[] Inherited = ["manifests", "upstream-ca", "allow-test-upstream", "allow-stand-in", "prompt", "cwd", "mount"];
    private readonly ILookup<string, string> values;

    private BottleArguments(IEnumerable<GivenValue> given) => values = given.ToLookup(value => value.Name, value => value.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every argument that Bottle takes; Cake's own are <see cref="CakeOwn"/>.</summary>
    public static IReadOnlyList<ArgumentDefinition> Known { get; } =
    [
        new("agent", "NAME", "the agent to run: agents/NAME.md in a folder of manifests, such as bottles/"),
        new("bottle", "IDENTITY", "an identity that exists, such as demo-k3x9a"),
        new("manifest", "NAME", "a bottle without an agent, for Explain: NAME.md in a folder of manifests"),
        new("manifests", "DIR", "a folder with bottles, searched first"),
        new("cwd", "[PATH]", "let the agent work in a copy of this folder; alone: of the folder where you type"),
        new("mount", "[PATH]", "let the agent write in this folder itself"),
        new("include", "PATH", "let Bring write a file that this machine would run; a folder ends in a slash"),
        new("yes", null, "answer yes at the preflight"),
        new("setup", null, "allow Bottle to install and build what is missing"),
        new("strict", null, "warnings are errors"),
        new("format", "text|json", "what standard output carries; Graph also has dot and mermaid"),
        new("url", "'METHOD URL'", "the request that Explain judges"),
        new("code", "BTLnnnn", "the code that Explain explains"),
        new("about", "TARGET", "the target that Help explains"),
        new("out", "DIR", "where Render writes"),
        new("prompt", "TEXT", "what the agent shall do, without a terminal, until it ends by itself"),
        new("keep", null, "keep the state of the run"),
        new("force", "STAGE", "redo a stage although its result is up to date"),
        new("detach", null, "let the agent run on without this terminal; come back with Attach"),
        new("trust", "HASH", "trust manifests that have this hash"),
        new("allow-stand-in", null, "accept pipelock's stand-in for hosts outside .test"),
        new("allow-test-upstream", "HOST|IMAGE", "allow a test upstream outside .test, or an image that is not Bottle's"),
        new("upstream-ca", "FILE", "PEM roots that are trusted upstream"),
        new("dry-run", null, "execute nothing; say what each stage would do"),
        new("proposal", "ID", "what an agent asks, as Proposals lists it"),
        new("diff", "HASH", "the diff that you have read, as Proposals prints it"),
        new("lease", "30m|3x|run", "how long Approve grants: by time, by number of requests, or for the run"),
        new("minutes", "[+]N", "with Extend: so many minutes of the run's budget in all, or with a '+' more"),
        new("requests", "[+]N", "the same for requests"),
        new("bytes", "[+]1GB", "the same for bytes (KB, MB, GB, TB)"),
        new("tokens", "[+]N", "the same for tokens"),
        new("edit", null, "change the route in $EDITOR before it is approved"),
        new("reason", "TEXT", "what Reject tells the agent"),
        new("suite", "NAME", "the suite of Bench or Soak"),
        new("cycles", "N", "how many starts and stops Soak --suite=launch makes (100)"),
        new("filter", "EXPRESSION", "run only some tests; of Traffic, words that a request must have, or !WORD that it must not"),
        new("follow", null, "go on with what is written from now on, until the run ends"),
        new("file", "FILE", "a receipt anywhere, for VerifyReceipt"),
    ];

    /// <summary>Arguments that Cake itself takes.</summary>
    public static IReadOnlyList<string> CakeOwn { get; } = ["target", "verbosity", "exclusive", "tree", "description", "dryrun", "no-report", "help", "version", "info", "debug", "script"];

    /// <summary>Takes the command line as Cake parsed it, in any case of letters.</summary>
    /// <param name="arguments">What Cake passes on.</param>
    /// <param name="words">The process's own words: Cake keeps <c>--tree</c>, <c>--description</c>, <c>--dryrun</c>, <c>--exclusive</c> and <c>--verbosity</c> to itself.</param>
    public BottleArguments(IDictionary<string, ICollection<string?>> arguments, IEnumerable<string> words) : this(Join(Read(arguments), words))
    {
    }

    /// <summary>Names that are neither Bottle's nor Cake's.</summary>
    public IReadOnlyList<string> Unknown =>
        [.. values.Select(group => group.Key).Where(name => !Known.Any(known => Same(known.Name, name)) && !CakeOwn.Any(own => Same(own, name)))];

    /// <summary>Arguments that want a value and stand there without one.</summary>
    public IReadOnlyList<ArgumentDefinition> WithoutValue => [.. Known.Where(known => known is { Value: not null, IsValueOptional: false } && values[known.Name].Any(value => value is Bare or ""))];

    /// <summary>Arguments that are given more than once and mean one thing.</summary>
    public IReadOnlyList<string> Repeated =>
        [.. Known.Where(known => known.Name is not ("manifests" or "allow-test-upstream" or "force" or "include") && values[known.Name].Distinct().Skip(1).Any()).Select(known => known.Name)];

    /// <summary>The targets, in the order given; empty when none is.</summary>
    public IReadOnlyList<string> Targets => [.. values["target"]];

    /// <summary><c>--agent</c>.</summary>
    public string? Agent => One("agent");

    /// <summary><c>--bottle</c>; empty when nothing follows the sign, which a teardown must not take for "all runs".</summary>
    public string? Bottle => values["bottle"].LastOrDefault();

    /// <summary><c>--manifest</c>.</summary>
    public string? Manifest => One("manifest");

    /// <summary><c>--url</c>.</summary>
    public string? Url => One("url");

    /// <summary><c>--code</c>.</summary>
    public string? Code => One("code");

    /// <summary><c>--about</c>.</summary>
    public string? About => One("about");

    /// <summary><c>--manifests</c>, in the order given.</summary>
    public IReadOnlyList<string> Manifests => [.. values["manifests"]];

    /// <summary><c>--cwd</c>: a path as typed, <c>.</c> when none is; null without it.</summary>
    public string? Cwd => Folder("cwd");

    /// <summary><c>--mount</c>, as <see cref="Cwd"/>.</summary>
    public string? Mount => Folder("mount");

    /// <summary><c>--include</c>.</summary>
    public IReadOnlyList<string> Included => [.. values["include"]];

    /// <summary><c>--yes</c>.</summary>
    public bool Yes => Flag("yes");

    /// <summary><c>--setup</c>.</summary>
    public bool Setup => Flag("setup");

    /// <summary><c>--strict</c>.</summary>
    public bool Strict => Flag("strict");

    /// <summary>Whether <c>--format=json</c>.</summary>
    public bool Json => One("format") == "json";

    /// <summary><c>--format</c> as written.</summary>
    public string? Format => One("format");

    /// <summary><c>--out</c>.</summary>
    public string? Out => One("out");

    /// <summary><c>--prompt</c>.</summary>
    public string? Prompt => One("prompt");

    /// <summary><c>--keep</c>.</summary>
    public bool Keep => Flag("keep");

    /// <summary><c>--trust</c>.</summary>
    public string? Trust => One("trust");

    /// <summary><c>--allow-stand-in</c>.</summary>
    public bool AllowStandIn => Flag("allow-stand-in");

    /// <summary><c>--allow-test-upstream</c>.</summary>
    public IReadOnlyList<string> AllowedTestUpstreams => [.. values["allow-test-upstream"]];

    /// <summary><c>--upstream-ca</c>.</summary>
    public string? UpstreamCa => One("upstream-ca");

    /// <summary><c>--proposal</c>.</summary>
    public string? Proposal => One("proposal");

    /// <summary><c>--diff</c>.</summary>
    public string? Diff => One("diff");

    /// <summary><c>--lease</c>.</summary>
    public string? Lease => One("lease");

    /// <summary><c>--minutes</c>, <c>--requests</c>, <c>--bytes</c> and <c>--tokens</c>: those that are given, as written.</summary>
    public IReadOnlyList<(BudgetKind Kind, string Text)> BudgetAmounts => [.. BudgetKinds.All.Select(kind => (kind, One(kind.Name()))).Where(given => given.Item2 is not null).Select(given => (given.kind, given.Item2!))];

    /// <summary><c>--edit</c>.</summary>
    public bool Edit => Flag("edit");

    /// <summary><c>--reason</c>.</summary>
    public string? Reason => One("reason");

    /// <summary><c>--suite</c>.</summary>
    public string? Suite => One("suite");

    /// <summary><c>--cycles</c>.</summary>
    public string? Cycles => One("cycles");

    /// <summary><c>--filter</c>.</summary>
    public string? Filter => One("filter");

    /// <summary><c>--follow</c>.</summary>
    public bool Follow => Flag("follow");

    /// <summary><c>--file</c>.</summary>
    public string? File => One("file");

    /// <summary><c>--dry-run</c>, or Cake's spelling <c>--dryrun</c>.</summary>
    public bool DryRun => Flag("dry-run") || Flag("dryrun");

    /// <summary><c>--exclusive</c>.</summary>
    public bool Exclusive => Flag("exclusive");

    /// <summary>Whether Cake shall draw the graph or list the targets instead of running them.</summary>
    public bool OnlyShowsGraph => Flag("tree") || Flag("description");

    /// <summary>Whether a verbosity was asked for that starts like one of these words.</summary>
    public bool HasVerbosity(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (One("verbosity") is { Length: > 0 } given && word.StartsWith(given, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary><c>--force</c>: stages that are done again.</summary>
    public IReadOnlyList<string> Forced => [.. values["force"]];

    /// <summary><c>--detach</c>.</summary>
    public bool Detach => Flag("detach");

    /// <summary>Arguments of a launch that a resume takes over where it is not told otherwise, with full paths.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Inheritable(Func<string, string> fullPath) =>
        Inherited.Where(name => values[name].Any()).ToDictionary(name => name, name => (IReadOnlyList<string>)[.. values[name].Select(value => name is "cwd" or "mount" ? fullPath(Folder(name)!) : name is "manifests" or "upstream-ca" ? fullPath(value) : value)], StringComparer.Ordinal);

    /// <summary>These arguments, and those of the launch that is gone on with.</summary>
    public BottleArguments Inherit(IReadOnlyDictionary<string, IReadOnlyList<string>>? launch) =>
        launch is null ? this : new BottleArguments(values.SelectMany(group => group.Select(value => new GivenValue(group.Key, value)))
            .Concat(launch.Where(pair => Inherited.Contains(pair.Key) && !values.Contains(pair.Key)).SelectMany(pair => pair.Value.Select(value => new GivenValue(pair.Key, value)))));

    /// <summary>The command line as one would type it again.</summary>
    public override string ToString() =>
        string.Join(' ', values.SelectMany(group => group.Select(value => value is "" or Bare ? $"--{group.Key}" : $"--{group.Key}={value}")).Prepend("dotnet cake"));

    private static List<GivenValue> Read(IDictionary<string, ICollection<string?>> arguments)
    {
        var given = new List<GivenValue>();
        foreach (var (name, all) in arguments)
        {
            // Cake gives a bare flag no value, or null.
            if (all.Count == 0) given.Add(new GivenValue(name, Bare));
            foreach (var value in all) given.Add(new GivenValue(name, value ?? Bare));
        }
        return given;
    }

    // What Cake passed on counts, its own copy of a word does not.
    private static IEnumerable<GivenValue> Join(List<GivenValue> passed, IEnumerable<string> words) =>
        passed.Concat(words.Zip(words.Skip(1).Append(""), OfCake).OfType<GivenValue>().Where(kept => !passed.Exists(value => Same(value.Name, kept.Name))));

    private static GivenValue? OfCake(string word, string next)
    {
        if (!word.StartsWith('-')) return null;
        // The only one of Cake's own that has a value, which may also be the next word.
        if (word is "--verbosity" or "-v" && next.Length > 0) return new GivenValue("verbosity", next);
        if (word.Split('=', 2) is ["--verbosity" or "-v", var given]) return new GivenValue("verbosity", given);
        var (name, value) = word.TrimStart('-').Split('=', 2) is [var left, var right] ? (left, right) : (word.TrimStart('-'), Bare);
        return KeptByCake.FirstOrDefault(kept => Same(kept, name)) is { } found ? new GivenValue(found, value) : null;
    }

    private string? Folder(string name) => values[name].LastOrDefault() is not { } value ? null : value is Bare or "" ? "." : value;

    private string? One(string name) => values[name].LastOrDefault() is { Length: > 0 } value ? value : null;

    private bool Flag(string name) => values[name].LastOrDefault() is { } value && !Same(value, "false");

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
