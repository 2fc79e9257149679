import { expect, sample, test } from './hosts.ts'

test('the workbench shows what was opened', async ({ workbench }) => {
  const page = await workbench.open({ sources: [sample] })
  await expect(page).toHaveTitle(/Provscope/)
  await expect(page.getByRole('contentinfo')).toContainText(/tasks/)
})
