using System.Reflection;
using Bottle.Host.Processes;

namespace Bottle.Host.Setup;

/// <summary>A shell script that ships inside this assembly: set-up is files, packages and processes, where shell is the natural language.</summary>
internal static class ShellScript
{
    /// <summary>The script's text, part of the content hash of what it makes.</summary>
    public static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Bottle.Host.Setup.Scripts.{name}")
            ?? throw new InvalidOperationException($"script {name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A command that runs the script; its text is an argument, so that no file has to be trusted, and its standard output is progress.</summary>
    public static Command Command(string shell, string name, IEnumerable<string> arguments, Action<string> say) =>
        new(shell, ["-c", Text(name), name, .. arguments])
        {
            OnLine = (line, isError) =>
            {
                if (!isError)
                    say(line);
            },
        };
}
