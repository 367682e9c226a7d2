namespace Bottle.DemoUpstream;

/// <summary>A client of .NET, for scenarios that run it in an agent: proxy and trust come from the environment alone.</summary>
internal static class NetClient
{
    /// <summary>Prints status and body; 0 when there was an answer.</summary>
    public static async Task<int> FetchAsync(Uri url)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(url);
        Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return 0;
    }
}
