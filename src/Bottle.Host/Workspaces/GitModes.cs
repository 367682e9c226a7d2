namespace Bottle.Host.Workspaces;

/// <summary>What git tells of a file beside its content: one of three kinds. Nothing else comes home, so neither does a set-user-id bit.</summary>
internal static class GitModes
{
    /// <summary>A file.</summary>
    public const int Plain = 0x81A4; // 100644

    /// <summary>A file that may be executed.</summary>
    public const int Executable = 0x81ED; // 100755

    /// <summary>A link; its content is where it points.</summary>
    public const int Link = 0xA000; // 120000

    /// <summary>As git writes it, in octal digits.</summary>
    public static string Text(int mode) => Convert.ToString(mode, 8);
}
