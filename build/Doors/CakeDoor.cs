using Cake.Core;

namespace Bottle.Build.Doors;

/// <summary>Door 1, <c>dotnet cake --target=…</c>: in a clone, whose root Cake has made the working directory.</summary>
internal sealed class CakeDoor(ICakeContext cake) : Door
{
    public override string Root { get; } = cake.Environment.WorkingDirectory.FullPath;

    // Cake changes to the script's folder: what the user typed is relative to the shell's own.
    public override string UserDirectory { get; } =
        Environment.GetEnvironmentVariable("PWD") is { Length: > 0 } typed && Directory.Exists(typed) ? typed : cake.Environment.WorkingDirectory.FullPath;

    public override string? Clone => Root;

    public override IReadOnlyList<string> Words { get; } = Environment.GetCommandLineArgs();

    public override string Spelling(TargetInfo target) => target.Name;

    public override string Bare(ArgumentDefinition argument) => $"--{argument.Name}={argument.Value}";

    // Cake itself, without the dotnet command line that found it.
    public override DoorCommand Again(string target, params IEnumerable<string> arguments) =>
        new(Environment.ProcessPath!, [Words[0], .. arguments.Prepend($"--target={target}")], Root);

    public override string Command(string target, params IEnumerable<string> arguments) => string.Join(' ', arguments.Prepend($"dotnet cake --target={target}"));
}
