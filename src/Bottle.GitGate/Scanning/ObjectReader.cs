using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Bottle.GitGate.Processes;
using Bottle.GitGate.Pushing;
using Bottle.GitGate.Repositories;

namespace Bottle.GitGate.Scanning;

/// <summary>Reads objects out of a repository through one <c>git cat-file --batch-command</c>. Blocking: meant for a thread of its own.</summary>
internal sealed class ObjectReader : IDisposable
{
    private const int LongestHeader = 256;
    private readonly Process _process;
    private readonly BufferedStream _output;

    /// <summary>Starts git with this environment (a quarantine's, as a rule).</summary>
    public ObjectReader(Repository repository, IReadOnlyDictionary<string, string> environment)
    {
        _process = Tool.Start("/usr/bin/git", ["cat-file", "--batch-command", "--buffer"], repository.Folder, environment);
        _output = new BufferedStream(_process.StandardOutput.BaseStream, 256 * 1024);
    }

    /// <summary>Type and size of each.</summary>
    /// <exception cref="InvalidOperationException">One is missing.</exception>
    public IReadOnlyList<GitObject> Describe(IReadOnlyList<string> ids)
    {
        var asking = AskAsync("info", ids);
        var objects = new GitObject[ids.Count];
        for (var i = 0; i < objects.Length; i++)
        {
            objects[i] = ReadHeader();
        }
        asking.GetAwaiter().GetResult();
        return objects;
    }

    /// <summary>Hands out the content of each object, in the order asked, as a stream of exactly its size that is read to its end before the next is handed out.</summary>
    public void Read(IReadOnlyList<string> ids, Action<GitObject, Stream> take)
    {
        var asking = AskAsync("contents", ids);
        for (var i = 0; i < ids.Count; i++)
        {
            var found = ReadHeader();
            using var content = new ContentStream(_output, found.Size);
            take(found, content);
            content.Drain();
            if (_output.ReadByte() != '\n')
            {
                throw new InvalidOperationException("git cat-file lost its place");
            }
        }
        asking.GetAwaiter().GetResult();
    }

    /// <summary>The whole content of one object, or null when it is larger than the limit.</summary>
    public byte[]? ReadSmall(string id, int limit)
    {
        byte[]? bytes = null;
        Read([id], (found, content) =>
        {
            if (found.Size <= limit)
            {
                bytes = new byte[found.Size];
                content.ReadExactly(bytes);
            }
        });
        return bytes;
    }

    /// <summary>Ends git.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _output.Dispose();
        _process.Dispose();
    }

    // Written beside the reading: either side alone would fill its pipe and wait for ever.
    private Task AskAsync(string command, IReadOnlyList<string> ids) => Task.Run(() =>
    {
        var input = _process.StandardInput;
        foreach (var id in ids)
        {
            input.Write(command);
            input.Write(' ');
            input.Write(id);
            input.Write('\n');
        }
        input.Write("flush\n");
        input.Flush();
    });

    // "<id> <type> <size>\n"; "<id> missing\n" and the like have fewer parts.
    private GitObject ReadHeader()
    {
        Span<byte> line = stackalloc byte[LongestHeader];
        var length = 0;
        for (int read; (read = _output.ReadByte()) != '\n'; length++)
        {
            if (read < 0 || length == line.Length)
            {
                throw new InvalidOperationException("git cat-file ended early");
            }
            line[length] = (byte)read;
        }
        line = line[..length];
        int first = line.IndexOf((byte)' '), last = line.LastIndexOf((byte)' ');
        return first > 0 && last > first && Utf8Parser.TryParse(line[(last + 1)..], out long size, out var used) && used == length - last - 1
            ? new GitObject(Encoding.ASCII.GetString(line[..first]), TypeOf(line[(first + 1)..last]), size)
            : throw new InvalidOperationException($"an object of the push cannot be read: {Encoding.ASCII.GetString(line)}");
    }

    private static string TypeOf(ReadOnlySpan<byte> type) => type.SequenceEqual("blob"u8) ? "blob" : type.SequenceEqual("tree"u8) ? "tree" : Encoding.ASCII.GetString(type);
}
