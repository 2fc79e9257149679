/** The system's secret store (Keychain, DPAPI, GNOME Keyring, KWallet) as Electron gives it. */
import { safeStorage } from 'electron'
import type { Cipher } from '#hosting/secrets'

/** Only once the app is ready. */
export function systemCipher(platform: NodeJS.Platform): Cipher {
  return {
    async refusal() {
      // Electron would encipher with a key that everybody knows.
      if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) {
        return 'Neither GNOME Keyring nor KWallet is running here; a password is kept in memory only.'
      }
      return (await safeStorage.isAsyncEncryptionAvailable()) ? null : 'The system’s secret store cannot be used here; a password is kept in memory only.'
    },
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    async decrypt(bytes) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(bytes))
      return { text: result, isStale: shouldReEncrypt }
    }
  }
}
