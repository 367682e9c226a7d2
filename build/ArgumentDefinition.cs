namespace Bottle.Build;

/// <summary>One argument of the command line: its name without dashes, what its value stands for (null: a flag), and one line of help.</summary>
public sealed record ArgumentDefinition(string Name, string? Value, string Meaning)
{
    /// <summary>Whether it may stand without its value, which is then written in brackets.</summary>
    public bool IsValueOptional => Value?.StartsWith('[') == true;

    /// <summary>How one types it: <c>--out=DIR</c>, <c>--cwd[=PATH]</c>.</summary>
    public string Form => Value is null ? $"--{Name}" : IsValueOptional ? $"--{Name}[={Value[1..]}" : $"--{Name}={Value}";
}
