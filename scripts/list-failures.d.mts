export interface TestFile {
  name: string;
  status: string;
  message: string;
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
}

export function listFailures(suite: string, testResults: TestFile[]): string[];
