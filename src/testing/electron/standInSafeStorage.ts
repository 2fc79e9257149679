/** `safeStorage` of the stand-in: enciphers for real, with a key that only this object has. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export class StandInSafeStorage {
  /** For tests: what Electron would say of this system. */
  backend = 'gnome_libsecret'
  available = true
  /** For tests: after a change of the key, what was enciphered before is read once more and then to be written anew. */
  rotated = false
  #key = randomBytes(32)

  /** For tests: the keyring was made anew. */
  loseKey(): void {
    this.#key = randomBytes(32)
  }

  module(isReady: () => boolean): Record<string, unknown> {
    return {
      getSelectedStorageBackend: () => (isReady() ? this.backend : 'unknown'),
      isAsyncEncryptionAvailable: () => Promise.resolve(isReady() && this.available),
      encryptStringAsync: (text: string) => Promise.resolve().then(() => this.#encrypt(text)),
      decryptStringAsync: (bytes: Buffer) => Promise.resolve().then(() => ({ result: this.#decrypt(bytes), shouldReEncrypt: this.rotated }))
    }
  }

  #encrypt(text: string): Buffer {
    if (!this.available) throw new Error('Encryption is not available.')
    const start = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, start)
    const enciphered = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([start, cipher.getAuthTag(), enciphered])
  }

  #decrypt(bytes: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28))
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
  }
}
