using System.Reflection;
using System.Runtime.InteropServices;
using Madang.Kernel;

namespace Madang.Trust.Record.Keys;

/// <summary>The few functions of OpenSSL's libcrypto that Ed25519 needs (evp.h, version 1.1.1 or newer).</summary>
internal static unsafe partial class Crypto
{
    private const string Library = "madang-libcrypto";

    /// <summary>Where libcrypto lies, newest first: the names that .NET's own shim looks for, and those of macOS and Windows.</summary>
    private static readonly string[] Names =
        ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so", "libcrypto.3.dylib", "libcrypto.dylib", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll", "libcrypto-3.dll"];

    private static readonly Lazy<nint> Loaded = new(() => Names.Select(name => NativeLibrary.TryLoad(name, out var library) ? library : 0).FirstOrDefault(library => library != 0));

    static Crypto() => NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Library ? Loaded.Value : 0);

    /// <summary>Throws, with the way out, where OpenSSL is not installed.</summary>
    public static void Require()
    {
        if (Loaded.Value == 0)
        {
            throw new CityRuleException("openssl-missing", "The record is signed with Ed25519 by OpenSSL's libcrypto, which is not installed here: install OpenSSL 1.1.1 or newer (Debian and Ubuntu: apt-get install libssl3; macOS: brew install openssl@3).");
        }
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial nint NewPrivateKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial nint NewPublicKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetPublicKey(nint key, byte* bytes, nuint* length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    public static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    public static partial int BeginSign(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    public static partial int Sign(nint context, byte* signature, nuint* length, byte* message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int BeginVerify(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    public static partial int Verify(nint context, byte* signature, nuint length, byte* message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();
}
