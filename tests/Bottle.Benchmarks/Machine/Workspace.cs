using System.Net;
using System.Net.Sockets;

namespace Bottle.Benchmarks.Machine;

/// <summary>A private folder under the system's temporary one, removed at the end; everything that is started keeps its files there.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly bool _keep;
    private int _removed;

    internal Workspace(bool keep)
    {
        _keep = keep;
        Root = Directory.CreateTempSubdirectory("bottle-bench-").FullName;
        // Squid gives its rights up for its own user, who must be able to read what stands here; nothing here is a secret of anybody's.
        File.SetUnixFileMode(Root, (UnixFileMode)0b111_101_101);
        // A signal ends the process without Dispose.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    internal string Root { get; }

    /// <summary>A new folder of that name.</summary>
    internal string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    /// <summary>Writes a text file into a folder and returns its path.</summary>
    internal static string Write(string folder, string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>A TCP port of 127.0.0.1 that nobody listens on at this moment.</summary>
    internal static IPEndPoint FreeAddress()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }

    public void Dispose() => Remove();

    private void Remove()
    {
        if (Interlocked.Exchange(ref _removed, 1) != 0)
            return;
        if (_keep)
            Console.Error.WriteLine($"kept: {Root}");
        else
            Directory.Delete(Root, recursive: true);
    }
}
