// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ITestUSD } from "../interfaces/ITestUSD.sol";
import { ERC20, ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice See `ITestUSD`.
contract TestUSD is ERC20Permit, ITestUSD {
    uint256 private constant FAUCET_CAP = 10_000e6;

    constructor() ERC20("Test USD", "USDC") ERC20Permit("Test USD") { }

    /// @inheritdoc ITestUSD
    function faucet(address to, uint256 amount) external {
        require(amount <= FAUCET_CAP, FaucetAboveCap(amount, FAUCET_CAP));
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
