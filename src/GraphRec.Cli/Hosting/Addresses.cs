using System.Net;
using System.Net.Sockets;
using GraphRec.Core;

namespace GraphRec.Cli.Hosting;

/// <summary>The addresses of <c>--urls</c>.</summary>
internal static class Addresses
{
    /// <summary>The addresses, one by one.</summary>
    /// <exception cref="InvalidInputException">One of them is none; the message says what one looks like.</exception>
    public static IReadOnlyList<string> Parse(string urls)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0) throw Bad(urls);
        foreach (var address in addresses)
        {
            try
            {
                var parsed = BindingAddress.Parse(address);
                if (parsed.Scheme is not ("http" or "https") || parsed.PathBase.Length > 0 || parsed.Port is < 0 or > 65535) throw Bad(address);
            }
            catch (FormatException)
            {
                throw Bad(address);
            }
        }
        return addresses;
    }

    /// <summary>
    /// Refuses a port that something listens on, before an empty data directory is filled. Only a first look: what takes
    /// the port afterwards is met when the server starts.
    /// </summary>
    public static void RefuseTaken(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            var parsed = BindingAddress.Parse(address);
            if (parsed.IsUnixPipe || parsed.IsNamedPipe || parsed.Port == 0) continue;
            var host = parsed.Host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any;
            try
            {
                using var listener = new TcpListener(host, parsed.Port);
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new InvalidInputException(ErrorCodes.BadUserInput,
                    $"Cannot listen on {address}: another program does (perhaps another 'graphrec serve'). Stop it, or choose another address with --urls.");
            }
            catch (SocketException e)
            {
                throw new InvalidInputException(ErrorCodes.BadUserInput, $"Cannot listen on {address}: {e.Message}. Choose another address with --urls.");
            }
        }
    }

    private static InvalidInputException Bad(string address) =>
        new(ErrorCodes.BadUserInput, $"--urls: '{address}' is not an address to listen on; write e.g. http://localhost:5080 or http://0.0.0.0:8080.");
}
