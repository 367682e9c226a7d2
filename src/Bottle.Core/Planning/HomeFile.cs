namespace Bottle.Core.Planning;

/// <summary>A file that the agent's program finds in its home: the path relative to the home, and the text, in which <see cref="WorkingDirectory"/> stands for where the agent's command starts.</summary>
public sealed record HomeFile(string Path, string Text, HomeFileKind Kind)
{
    /// <summary>What stands for the agent's working directory.</summary>
    public const string WorkingDirectory = "{workdir}";
}

/// <summary>What becomes of a file that is there already.</summary>
public enum HomeFileKind
{
    /// <summary>It stays as it is.</summary>
    Text,

    /// <summary>Both are JSON objects: the keys of ours are set in it.</summary>
    Json,

    /// <summary>Standing instructions: ours come first, unless they stand in it already.</summary>
    Instructions,
}
