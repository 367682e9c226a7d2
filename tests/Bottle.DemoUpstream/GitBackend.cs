using System.Diagnostics;
using System.Globalization;

namespace Bottle.DemoUpstream;

/// <summary>Serves the repositories below <c>/srv/git</c> by git's own <c>http-backend</c> (CGI), where an image has both.</summary>
internal static class GitBackend
{
    private const string Root = "/srv/git";
    private const string Prefix = "/git";

    /// <summary>Whether a request is for a repository.</summary>
    public static bool Serves(HttpRequest request) => request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal) && Directory.Exists(Root);

    /// <summary>Runs the backend for one request.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        using var process = Start(context.Request);
        var input = context.Request.Body.CopyToAsync(process.StandardInput.BaseStream, context.RequestAborted).ContinueWith(_ => process.StandardInput.Close(), TaskScheduler.Default);
        var output = process.StandardOutput.BaseStream;
        while (await ReadLineAsync(output) is { Length: > 0 } header)
        {
            var (name, value) = header.Split(": ", 2) is [var key, var rest] ? (key, rest) : (header, "");
            if (name == "Status")
                context.Response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            else
                context.Response.Headers[name] = value;
        }
        await output.CopyToAsync(context.Response.Body, context.RequestAborted);
        await input;
        await process.WaitForExitAsync(context.RequestAborted);
    }

    private static Process Start(HttpRequest request)
    {
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["GIT_PROJECT_ROOT"] = Root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["PATH_INFO"] = request.Path.Value![Prefix.Length..];
        start.Environment["QUERY_STRING"] = request.QueryString.Value!.TrimStart('?');
        start.Environment["CONTENT_TYPE"] = request.ContentType;
        start.Environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"];
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding;
        start.Environment["REMOTE_USER"] = "anybody";
        return Process.Start(start)!;
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return System.Text.Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
    }
}
