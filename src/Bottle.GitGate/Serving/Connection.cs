using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bottle.Contracts.Git;
using Bottle.GitGate.Processes;
using Bottle.GitGate.Pushing;
using Bottle.GitGate.Repositories;

namespace Bottle.GitGate.Serving;

/// <summary>One client: its request is read, its repository refreshed, then git's own upload-pack or receive-pack speaks with it.</summary>
internal sealed class Connection(GateState state, Socket socket)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>The client's address, for the log.</summary>
    public string Client { get; } = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "unknown";

    /// <summary>Serves the client to its end.</summary>
    public async Task RunAsync()
    {
        var request = await ReadRequestAsync();
        if (request is null)
        {
            await RefuseAsync(GateRefusals.Malformed());
            return;
        }
        if (request.Service is not (GitRequest.Fetch or GitRequest.Push))
        {
            await RefuseAsync(GateRefusals.NoService(), request);
            return;
        }
        if (request.Repository is not { } name || state.Find(name) is not { } served)
        {
            await RefuseAsync(GateRefusals.NoRepository(state.Names), request);
            return;
        }
        if (request.Service == GitRequest.Push && RepositoryStore.IsDiskNearlyFull())
        {
            await RefuseAsync(GateRefusals.DiskFull(), request);
            return;
        }
        if (await served.Freshness.RefreshAsync() is { } trouble)
        {
            await RefuseAsync(GateRefusals.Stale(trouble), request);
            return;
        }
        await SpeakAsync(request, served);
    }

    /// <summary>Says no in git's own way; the connection's owner ends it.</summary>
    public async Task RefuseAsync(GateRefusal refusal, GitRequest? request = null)
    {
        GateLog.Write("access", ("client", Client), ("service", request is null ? null : Inert.Text(request.Service)), ("path", request is null ? null : Inert.Text(request.Path)), ("decision", "refused"), ("code", refusal.Code), ("reason", refusal.Message), ("ms", _watch.ElapsedMilliseconds));
        try
        {
            await socket.SendAsync(PktLine.Encode($"ERR bottle: {refusal.Code}: {refusal.Message}; {refusal.Fix}\n"), SocketFlags.None);
        }
        catch (SocketException)
        {
            // The client did not wait for the answer.
        }
    }

    private async Task<GitRequest?> ReadRequestAsync()
    {
        using var timer = new CancellationTokenSource(RequestLimit);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        try
        {
            return await PktLine.ReadAsync(stream, timer.Token) is { } line ? GitRequest.Parse(line) : null;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private async Task SpeakAsync(GitRequest request, ServedRepository served)
    {
        var repository = served.Repository;
        var isPush = request.Service == GitRequest.Push;
        using var session = isPush ? state.Open(served, Client) : null;
        var more = new Dictionary<string, string>();
        if (request.Version > 0)
        {
            more["GIT_PROTOCOL"] = $"version={request.Version}";
        }
        if (session is not null)
        {
            more[PushSession.IdVariable] = session.Id;
        }
        string[] arguments = isPush ? ["receive-pack", repository.Folder] : ["upload-pack", "--strict", "--timeout=300", repository.Folder];
        using var process = Tool.Start("/usr/bin/git", arguments, repository.Folder, repository.EnvironmentWith(more));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var reply = isPush ? new PushReply(repository.Settings.Push.MaxSize) : null;
        var relay = new Relay(socket, process, reply);
        await relay.RunAsync(killWhenLeft: !isPush);
        if (reply?.Refusal is { } refusal)
        {
            GateLog.Write("push", ("client", Client), ("repository", repository.Settings.Name), ("decision", "refused"), ("codes", GateLog.List([refusal.Code])), ("received", relay.Received));
        }
        GateLog.Write("access", ("client", Client), ("service", request.Service), ("repository", repository.Settings.Name), ("decision", "served"), ("exit", process.ExitCode), ("received", relay.Received), ("sent", relay.Sent),
            ("client_left", relay.ClientLeft ? true : null), ("error", process.ExitCode == 0 ? null : Inert.Text((await error).Trim())), ("ms", _watch.ElapsedMilliseconds));
    }
}
