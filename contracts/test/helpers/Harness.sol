// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { TestUSD } from "../../src/money/TestUSD.sol";
import { Treasury } from "../../src/money/Treasury.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice TestUSD without the faucet's cap, and with a hook that makes a call during a transfer.
contract MintableUSD is TestUSD {
    address private target;
    bytes private answer;
    bool public answered;

    function answerNextTransfer(address target_, bytes calldata answer_) external {
        (target, answer, answered) = (target_, answer_, false);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (target != address(0)) {
            (address called, bytes memory data) = (target, answer);
            delete target;
            (answered,) = called.call(data);
        }
        super._update(from, to, value);
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice The treasury, with access to the exact amounts owed before rounding.
contract OpenTreasury is Treasury {
    constructor(IERC20 usd, IModelRegistry registry, address protocolAccount, address proverPool)
        Treasury(usd, registry, 250, 250, 500, protocolAccount, proverPool)
    { }

    function owedParts(ModelId id, address account) external view returns (uint256) {
        return _owed(id, account);
    }

    function parts() external pure returns (uint256) {
        return PARTS;
    }
}
