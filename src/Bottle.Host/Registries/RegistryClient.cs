namespace Bottle.Host.Registries;

/// <summary>How one package manager says which registry it uses.</summary>
internal sealed record RegistryClient
{
    /// <summary>Environment variables that override everything else, the first that is set wins.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>Command lines that print it, defaults included; the first that answers wins. They read no network.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Commands { get; init; } = [];

    /// <summary>Files of the user or the machine, for machines without the client; <c>~/</c> is the home directory.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The part of a command's output that holds the URLs.</summary>
    public Func<string, string> Find { get; init; } = output => output;

    /// <summary>The part of a file that holds the URLs.</summary>
    public Func<string, string> FindInFile { get; init; } = text => text;
}
