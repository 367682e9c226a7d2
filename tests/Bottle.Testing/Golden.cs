using System.Runtime.CompilerServices;
using System.Text;
using NUnit.Framework;

namespace Bottle.Testing;

/// <summary>Whole-file comparison: <c>name.golden</c> beside the calling test holds what is expected, byte for byte. <c>BOTTLE_ACCEPT=1</c> rewrites it.</summary>
public static class Golden
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Compares; <paramref name="name"/> may hold folders (<c>golden/demo/docker-compose.yml</c>). A mismatch leaves what came as <c>name.received.golden</c>.</summary>
    public static void Verify(string actual, string name, [CallerFilePath] string caller = "")
    {
        var expectedPath = Path.Combine(Path.GetDirectoryName(caller)!, name + ".golden");
        var receivedPath = Path.Combine(Path.GetDirectoryName(caller)!, name + ".received.golden");
        if (Environment.GetEnvironmentVariable("BOTTLE_ACCEPT") == "1")
        {
            Write(expectedPath, actual);
            File.Delete(receivedPath);
            return;
        }

        var expected = File.Exists(expectedPath) ? File.ReadAllText(expectedPath, Utf8) : null;
        if (expected == actual)
        {
            File.Delete(receivedPath);
            return;
        }

        Write(receivedPath, actual);
        Assert.Fail(expected is null
            ? $"there is no golden file {expectedPath}; read {receivedPath}, and accept it with BOTTLE_ACCEPT=1"
            : $"{name}.golden differs {FirstDifference(expected, actual)}\n  whole text: {receivedPath}; accept it with BOTTLE_ACCEPT=1");
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, Utf8);
    }

    private static string FirstDifference(string expected, string actual)
    {
        var wanted = expected.Split('\n');
        var came = actual.Split('\n');
        var line = wanted.Zip(came).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"at line {line + 1}:\n  expected: {Quoted(wanted, line)}\n  actual:   {Quoted(came, line)}";
    }

    private static string Quoted(string[] lines, int line) => line < lines.Length ? $"\"{lines[line].Replace("\r", "\\r", StringComparison.Ordinal)}\"" : "(the end)";
}
