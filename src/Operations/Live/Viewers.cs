using Madang.Kernel;

namespace Madang.Operations.Live;

/// <summary>Counts the open lines, in all and by address. An address without a line is forgotten, so it never holds more addresses than lines.</summary>
internal sealed class Viewers(int most, int perAddress)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> byAddress = [];
    private int all;

    /// <summary>How many addresses are remembered.</summary>
    public int Addresses
    {
        get
        {
            lock (gate)
            {
                return byAddress.Count;
            }
        }
    }

    /// <summary>Takes a line; null is this machine. Every line taken must be given back with <see cref="Leave"/>.</summary>
    public void Enter(string? address)
    {
        lock (gate)
        {
            if (all >= most)
            {
                throw Refusal("too-many-viewers", "Too many viewers are connected to this server.");
            }

            if (address is not null)
            {
                var held = byAddress.GetValueOrDefault(address);
                if (perAddress > 0 && held >= perAddress)
                {
                    throw Refusal("too-many-viewers-of-one-address", $"One address may have {perAddress} viewers at once.");
                }

                byAddress[address] = held + 1;
            }

            all++;
        }
    }

    public void Leave(string? address)
    {
        lock (gate)
        {
            all--;
            if (address is not null && --byAddress[address] == 0)
            {
                byAddress.Remove(address);
            }
        }
    }

    private static UnavailableException Refusal(string code, string reason) =>
        new(code, reason + " The figures can still be read at /api/city/now.", TimeSpan.FromSeconds(30));
}
