// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { TestUSD } from "../../src/money/TestUSD.sol";
import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice Keeps a tenth of a percent of each transfer.
contract FeeUSD is TestUSD {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from == address(0) || to == address(0)) return;
        uint256 fee = value / 1000;
        if (fee > 0) super._update(to, address(0xFEE), fee);
    }
}

/// @notice Takes a tenth of a percent from the sender on top.
contract ToppedUSD is TestUSD {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(from, address(0), value / 1000);
    }
}

/// @notice Burns a unit of somebody else with each transfer.
contract ShrinkingUSD is TestUSD {
    address private constant VICTIM = address(0x51C);

    constructor() {
        _mint(VICTIM, 1e6);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(VICTIM, address(0), 1);
    }
}

/// @notice Balances are shares of a pool, rounded down.
contract PooledUSD is TestUSD {
    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * 1_000_003 / 1_000_000;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, from == address(0) ? value : value * 1_000_000 / 1_000_003);
    }
}

/// @notice Transfers exactly, and says that its balances are shares.
contract SharesUSD is TestUSD {
    function sharesOf(address account) external view returns (uint256) {
        return balanceOf(account);
    }
}

/// @notice Balances grow by a thousandth each day.
contract GrowingUSD is TestUSD {
    uint256 private immutable START = block.timestamp;

    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * (1000 + (block.timestamp - START) / 1 days) / 1000;
    }
}

/// @notice Counts with 18 decimals.
contract LongUSD is ERC20 {
    constructor() ERC20("Long USD", "LUSD") { }
}

/// @notice Has no permits.
contract PlainUSD is ERC20 {
    constructor() ERC20("Plain USD", "PUSD") { }

    function faucet(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
